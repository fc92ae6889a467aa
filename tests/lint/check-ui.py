#!/usr/bin/python3
"""Templates: each .ui is well-formed and beside its C file, its text is translatable and plain, its icons exist, and
a control that shows only an icon has a name for screen readers."""

import os
import re
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(__file__))
import lint

TEXT = {'label', 'title', 'subtitle', 'tooltip-text', 'placeholder-text', 'description', 'heading', 'body', 'text', 'tooltip'}
BUTTONS = {'GtkButton', 'GtkToggleButton', 'GtkMenuButton', 'GtkLinkButton', 'AdwSplitButton'}
PICTURES = {'GtkImage', 'GtkPicture'}
WORD = re.compile(r'[^\W\d_]{2,}')


def properties(node):
    return {p.get('name').replace('_', '-'): (p.text or '').strip() for p in node.findall('property')}


def accessible_names(node):
    found = set()
    for block in node.findall('accessibility'):
        found |= {c.get('name') for c in block if c.tag in ('property', 'relation') and (c.text or '').strip()}
    return found


def untranslated(root):
    for node in root.iter():
        if node.tag not in ('property', 'attribute') or (node.get('name') or '').replace('_', '-') not in TEXT:
            continue
        text = (node.text or '').strip()
        if WORD.search(text) and node.get('translatable') not in ('yes', 'true', '1'):
            yield f'"{text}" is not translatable'
        if len(node) == 0 and node.get('translatable') in ('yes', 'true', '1') and not text:
            yield f'{node.get("name")} is translatable but empty'


def has_text(node):
    """A child that shows words: a label, or a box with one."""
    return any(o.get('class') in ('GtkLabel', 'AdwButtonContent') for o in node.iter('object') if o is not node)


def nameless(root):
    for node in root.iter('object'):
        if node.get('class') not in BUTTONS:
            continue
        values = properties(node)
        named = accessible_names(node) & {'label', 'labelled-by'} or values.get('tooltip-text') or values.get('label')
        bound = any(p.get('bind-source') and p.get('name') in ('label', 'tooltip-text') for p in node.findall('property'))
        if not (named or bound or has_text(node)):
            yield f'{node.get("class")} {node.get("id") or values.get("icon-name", "")} has no name: tooltip-text or an accessible label'


def markup(root):
    for node in root.iter('property'):
        if (node.get('name') or '').replace('_', '-') == 'use-markup' and (node.text or '').strip() in ('true', 'True', '1', 'yes'):
            yield 'use-markup: text is text here, never markup'


def known_icons():
    names = set()
    for top in ['/usr/share/icons/Adwaita', '/usr/share/icons/hicolor', lint.ROOT + '/resources', lint.ROOT + '/data/icons']:
        for _, _, files in os.walk(top):
            names |= {os.path.splitext(f)[0] for f in files if f.endswith(('.svg', '.png'))}
    return names


def unknown_icons(root, icons):
    for node in root.iter('property'):
        name = (node.text or '').strip()
        if (node.get('name') or '').replace('_', '-') in ('icon-name', 'start-icon-name', 'primary-icon-name', 'secondary-icon-name') \
                and name and name not in icons:
            yield f'no icon is called {name}'


def unknown_icons_in_c(path, icons):
    for name in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*-symbolic)"', lint.bare_c(lint.read(path), keep_strings=True)):
        if name not in icons:
            yield f'{path}: no icon is called {name}'


def main():
    tap = lint.Tap()
    templates = lint.files(['.ui'], ['ui', 'resources'])
    icons = known_icons()
    roots, broken = {}, []
    for path in templates:
        try:
            roots[path] = ET.fromstring(lint.read(path))
        except ET.ParseError as error:
            broken.append(f'{path}: {error}')
    tap.check('templates are well-formed', broken)
    tap.check('a template lies beside its C file',
              [p for p, r in roots.items() if r.find('template') is not None
               and not os.path.exists(os.path.join(lint.ROOT, p[:-3] + '.c'))])
    for name, rule in (('text is translatable', untranslated), ('buttons have names', nameless), ('no markup', markup)):
        tap.check(name, [f'{p}: {c}' for p, r in roots.items() for c in rule(r)])
    adwaita = os.path.isdir('/usr/share/icons/Adwaita')
    tap.check('icons exist', [f'{p}: {c}' for p, r in roots.items() for c in unknown_icons(r, icons)]
              + [c for p in lint.files(['.c'], ['ui']) for c in unknown_icons_in_c(p, icons)] if adwaita else ['install adwaita-icon-theme'])
    tap.finish()


if __name__ == '__main__':
    main()
