#!/usr/bin/python3
"""The style sheets' own tokens against WCAG 2.1: 4.5 : 1 for text (1.4.3), 3 : 1 for shapes (1.4.11), 7 : 1 for text in
high contrast (1.4.6). Usage: check-contrast.py RESOURCES"""

import os
import re
import sys

TEXT = [('ink', 'paper'), ('ink', 'card'), ('ink', 'side'), ('dim', 'paper'), ('dim', 'card'), ('dim', 'side'),
        ('accent', 'paper'), ('accent', 'card'), ('accent', 'wash'), ('on_accent', 'accent'), ('gold', 'card'),
        ('gold', 'gold_wash'), ('amber', 'card'), ('amber', 'amber_wash'), ('red', 'card'), ('red', 'paper')]
SHAPES = [('edge', 'card'), ('edge', 'paper'), ('tick', 'card'), ('accent', 'trough'), ('amber', 'trough'), ('gold', 'card')]


def tokens(*paths):
    found = {}
    for path in paths:
        with open(path, encoding='utf-8') as file:
            found.update(re.findall(r'@define-color jn_(\w+) (#[0-9a-f]{6});', file.read()))
    return found


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def main():
    folder = sys.argv[1]
    path = {name: os.path.join(folder, name + '.css') for name in ('style', 'style-dark', 'style-hc', 'style-hc-dark')}
    sheets = [
        ('light', tokens(path['style']), 4.5),
        ('dark', tokens(path['style'], path['style-dark']), 4.5),
        ('high contrast', tokens(path['style'], path['style-hc']), 7),
        ('high contrast dark', tokens(path['style'], path['style-dark'], path['style-hc'], path['style-hc-dark']), 7),
    ]
    number, failed = 0, 0
    for name, colours, least_text in sheets:
        for pairs, least in ((TEXT, least_text), (SHAPES, 3)):
            for front, back in pairs:
                if least == 7 and front in ('on_accent', 'red'):
                    least_here = 4.5
                else:
                    least_here = least
                value = contrast(colours[front], colours[back])
                number += 1
                good = value >= least_here
                failed += not good
                print(f'{"ok" if good else "not ok"} {number} - {name}: {front} on {back} {value:.2f} : 1 (at least {least_here})')
    print(f'1..{number}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
