#!/usr/bin/python3
"""Translations: POTFILES names every file that speaks, and each language says everything the sources say.

Without arguments: the test. With --update: rewrites po/POTFILES and brings the .po files up to the sources
(what `make translations` does); nothing is guessed, new strings come in empty, strings that are gone stay as
obsolete entries until --prune takes them out.
"""

import os
import re
import string
import sys
import tempfile

sys.path.insert(0, os.path.dirname(__file__))
import lint

MARKS = re.compile(r'(?<![A-Za-z0-9_])(?:_|N_|C_|NC_|Q_|g_dgettext|ngettext|g_dngettext|gettext|dgettext)\s*\(')
POTFILES = 'po/POTFILES'
KEYWORDS = ['_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'Q_', 'g_dcgettext:2', 'g_dgettext:2', 'g_dngettext:2,3', 'g_dpgettext2:2c,3',
            'ngettext:1,2', 'gettext']


def speaking_files():
    found = []
    for path in lint.files(['.c', '.h'], ['app', 'ui']):
        if MARKS.search(re.sub(r'#\s*define[^\n]*', '', lint.bare_c(lint.read(path)))):
            found.append(path)
    for path in lint.files(['.ui'], ['ui', 'resources']):
        if re.search(r'translatable="(?:yes|true|1)"', lint.read(path)):
            found.append(path)
    found += lint.files(['.desktop.in', '.metainfo.xml.in', '.gschema.xml'], ['data'])
    return sorted(found)


def listed_files():
    return [l.strip() for l in lint.read(POTFILES).splitlines() if l.strip() and not l.startswith('#')]


def languages():
    return lint.read('po/LINGUAS').split()


def make_template(target, paths):
    keywords = [f'--keyword={k}' for k in KEYWORDS]
    flags = ['--flag=g_strdup_printf:1:c-format', '--flag=N_:1:pass-c-format', '--flag=_:1:pass-c-format',
             '--flag=ngettext:1:pass-c-format', '--flag=ngettext:2:pass-c-format', '--flag=g_set_error:4:c-format',
             '--flag=g_dngettext:2:pass-c-format', '--flag=g_dngettext:3:pass-c-format',
             '--flag=C_:2:pass-c-format', '--flag=g_string_append_printf:2:c-format']
    return lint.run('xgettext', '--from-code=UTF-8', '--add-comments', '--no-location', '--package-name=jinnang',
                    '--output', target, *keywords, *flags, *paths)


def entries(path):
    """(context, id, plural) -> (list of translations, flags) of a .po file that msgcat has put in order."""
    out = lint.run('msgcat', '--no-wrap', '--no-location', path)
    if out.returncode:
        return None
    found, now, field, flags = {}, {}, None, set()

    def close():
        if 'msgid' in now:
            texts = [now[k] for k in sorted(now) if k.startswith('msgstr')]
            found[(now.get('msgctxt'), now['msgid'], now.get('msgid_plural'))] = (texts, set(flags))

    for line in out.stdout.splitlines() + ['']:
        if not line:
            close()
            now, field, flags = {}, None, set()
        elif line.startswith('#,'):
            flags |= {f.strip() for f in line[2:].split(',')}
        elif line.startswith('#'):
            continue
        elif line.startswith('"'):
            now[field] += unquote(line)
        else:
            field, _, rest = line.partition(' ')
            now[field] = unquote(rest)
    return found


def unquote(text):
    return re.sub(r'\\(.)', lambda m: {'n': '\n', 't': '\t'}.get(m.group(1), m.group(1)), text.strip()[1:-1])


# A reduction is said as what goes (12 % off) or as what is left (88 折): a language uses one of the two.
SAME_FIELD = {'tenths': 'percent'}


def format_marks(text):
    marks = re.findall(r'%(?:\d+\$)?[-+ 0#\']*(?:\d+|\*)?(?:\.\d+)?(?:hh|h|ll|l|z|j|t)?([a-zA-Z])', text.replace('%%', ''))
    return sorted(marks) + sorted(SAME_FIELD.get(f, f) for _, f, _, _ in fields(text) if f)


def fields(text):
    try:
        return list(string.Formatter().parse(text))
    except ValueError:
        return []


def number_complaints(found):
    for (context, source, plural), (texts, flags) in found.items():
        if not source:
            continue
        for text in texts:
            if text and 'no-c-format' not in flags and format_marks(text) != format_marks(plural or source):
                yield f'other placeholders: "{source}" / "{text}"'


def space_complaints(found):
    for (_, source, _), (texts, _) in found.items():
        for text in texts:
            if source and text and source.endswith('\n') != text.endswith('\n'):
                yield f'line end differs: "{source}"'
            if source and text and text != text.strip(' ') and source == source.strip(' '):
                yield f'space at an end: "{text}"'


def update(prune):
    paths = speaking_files()
    with open(os.path.join(lint.ROOT, POTFILES), 'w', encoding='utf-8') as f:
        f.write('\n'.join(paths) + '\n')
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, 'jinnang.pot')
        print(make_template(template, paths).stdout, end='')
        for language in languages():
            po = os.path.join(lint.ROOT, 'po', language + '.po')
            for command in (['msgmerge', '--quiet', '--update', '--backup=none', '--no-fuzzy-matching', '--no-location',
                             '--no-wrap', po, template],
                            ['msgattrib', *(['--no-obsolete'] if prune else []), '--no-location', '--no-wrap', '-o', po, po],
                            ['msgfmt', '--statistics', '-o', os.devnull, po]):
                print(lint.run(*command).stdout, end='')


def main():
    if '--update' in sys.argv:
        return update('--prune' in sys.argv)
    tap = lint.Tap()
    speaking, listed = set(speaking_files()), listed_files()
    tap.check('POTFILES is complete', [f'{p} has text for people: make translations' for p in sorted(speaking - set(listed))])
    tap.check('POTFILES names nothing else', [f'{p}: nothing to translate there' for p in listed if p not in speaking]
              + [f'{p} is listed twice' for p in sorted(set(listed)) if listed.count(p) > 1])
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, 'jinnang.pot')
        made = make_template(template, sorted(speaking))
        tap.check('xgettext reads every file without a warning', made.stdout.splitlines())
        wanted = entries(template) or {}
    tap.check('there are source strings', [] if len(wanted) > 10 else ['no strings were found'])
    for language in languages():
        po = f'po/{language}.po'
        out = lint.run('msgfmt', '--check', '-o', os.devnull, po)
        tap.check(f'{language}: msgfmt --check', out.stdout.splitlines() if out.returncode else [])
        found = entries(po) or {}
        missing = [k for k in wanted if k[1] and not (found.get(k) and all(found[k][0]))]
        tap.check(f'{language}: every string is translated', [f'missing: {k[0] or ""}"{k[1]}"' for k in missing])
        tap.check(f'{language}: nothing is fuzzy', [f'fuzzy: "{k[1]}"' for k, v in found.items() if k[1] and 'fuzzy' in v[1]])
        tap.check(f'{language}: nothing is left over', [f'no longer in the sources: "{k[1]}"' for k in found if k not in wanted]
                  + [f'obsolete: {l[3:]}' for l in lint.read(po).splitlines() if l.startswith('#~ msgid')])
        tap.check(f'{language}: placeholders match', number_complaints(found))
        tap.check(f'{language}: ends match', space_complaints(found))
    tap.finish()


if __name__ == '__main__':
    main()
