#!/usr/bin/python3
"""Writes app/ledger/jn-ledger-initials.c to standard output: the pinyin initials of U+4E00 to U+9FFF.

make-pinyin-initials.py Unihan_Readings.txt.bz2 [UNIHAN VERSION] (Debian: package unicode-data, /usr/share/unicode). A character has the initials of all
readings that kMandarin, kHanyuPinlu and kTGHZ2013 give it: a name may be read in any of them."""

import bz2
import re
import sys
import unicodedata

FIRST, LAST, WIDTH = 0x4e00, 0x9fff, 96
FIELDS = {'kMandarin', 'kHanyuPinlu', 'kTGHZ2013'}


def initial(reading):
    return unicodedata.normalize('NFD', reading)[0].lower()


def readings(field, value):
    if field == 'kTGHZ2013':
        return re.findall(r':([^\s,:]+(?:,[^\s,:]+)*)', value)
    return re.findall(r'[^\W\d_]+', value)


def load(path):
    found = {}
    with bz2.open(path, 'rt', encoding='utf-8') as f:
        for line in f:
            if not line.startswith('U+'):
                continue
            code, field, value = line.rstrip('\n').split('\t')
            if field not in FIELDS or not FIRST <= int(code[2:], 16) <= LAST:
                continue
            for group in readings(field, value):
                for one in group.split(','):
                    letter = initial(one)
                    assert 'a' <= letter <= 'z', (code, field, value)
                    found.setdefault(int(code[2:], 16), set()).add(letter)
    return found


def main():
    found = load(sys.argv[1])
    version = sys.argv[2] if len(sys.argv) > 2 else '15.0.0'
    several = sorted({''.join(sorted(s)) for s in found.values() if len(s) > 1})
    codes = {s: bytes([0x80 + i]) for i, s in enumerate(several)}
    assert len(codes) <= 0x80
    longest = max(map(len, several))
    print('/* Made by data/dev/make-pinyin-initials.py from the Unihan database of Unicode ' + version + ' (kMandarin, kHanyuPinlu,\n'
          ' * kTGHZ2013). Unihan is copyright Unicode, Inc. and used under the Unicode licence, https://www.unicode.org/license.txt. */')
    print('#include "jn-ledger-initials.h"\n\n/* clang-format off */\n')
    print(f'const char jn_initials_several[{len(several)}][{longest + 1}] = {{')
    for i in range(0, len(several), 14):
        print('  ' + ' '.join(f'"{s}",' for s in several[i:i + 14]))
    print('};\n')
    print('/* One byte a character: its initial, 0x80 and above the several of that number, a dot for none. */')
    print(f'const char jn_initials_of[{LAST - FIRST + 2}] =')
    row = ''
    for code in range(FIRST, LAST + 1):
        s = ''.join(sorted(found.get(code, '')))
        one = '.' if not s else s if len(s) == 1 else f'\\{codes[s][0]:03o}'
        row += one
        if len(row) >= WIDTH or code == LAST:
            print(f'  "{row}"' + (';' if code == LAST else ''))
            row = ''


if __name__ == '__main__':
    main()
