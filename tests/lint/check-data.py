#!/usr/bin/python3
"""What a desktop reads of us: desktop file, metainfo, settings schema, icons, bank profiles, Flatpak manifest.

check-data.py DESKTOP METAINFO: the two files as the build made them, translations merged.
"""

import configparser
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(__file__))
import lint

APP = 'org.jinnang.Wallet'
MANIFEST = f'flatpak/{APP}.json'
# Everything else goes through portals, which need no entry. A change here is a change of what the wallet may do.
FINISH_ARGS = {'--share=network', '--socket=wayland', '--device=dri'}
PROFILE_KEYS = {'id', 'name', 'address', 'certificates', 'hotline', 'currency', 'features', 'accent-light', 'accent-dark'}
# What vouches for the bank beside its certificate; a bank on this computer has none.
MORE_PROFILE_KEYS = {'keys', 'pins'}
FEATURES = {'sandbox', 'qr-payments', 'transfers', 'bills', 'offers', 'points', 'test-phone', 'faults'}


def output(*command):
    out = lint.run(*command)
    return out.stdout.splitlines() or ['failed without a word'] if out.returncode else []


def desktop(path):
    entry = configparser.ConfigParser(interpolation=None, delimiters=('=',), strict=True)
    entry.optionxform = str
    entry.read(path, encoding='utf-8')
    group = entry['Desktop Entry']
    for key in ('Name', 'GenericName', 'Comment', 'Keywords'):
        if not group.get(key + '[zh_CN]'):
            yield f'{key} is not in Chinese'
    if group.get('Icon') != APP or group.get('StartupNotify') != 'true':
        yield 'Icon or StartupNotify is wrong'


def metainfo(path):
    root = ET.parse(path).getroot()
    language = '{http://www.w3.org/XML/1998/namespace}lang'
    texts = {t: [n for n in root.findall(t)] for t in ('name', 'summary')}
    for tag, nodes in texts.items():
        if not any(n.get(language) == 'zh_CN' for n in nodes):
            yield f'{tag} is not in Chinese'
    for node in texts['summary']:
        if len(node.text) > 35 or node.text.endswith('.'):
            yield f'summary too long or with a full stop: {node.text}'
    if len(root.findtext('name')) > 15:
        yield 'name is too long'
    if root.find('content_rating') is None or root.find('content_rating').get('type') != 'oars-1.1':
        yield 'no content rating'
    if len(root.findall('branding/color')) != 2:
        yield 'two brand colours are needed'
    if not any(n.text for n in root.findall('developer_name')):
        yield 'no developer'
    version = re.search(r"version: '([^']+)'", lint.read('meson.build')).group(1)
    if version not in [r.get('version') for r in root.findall('releases/release')]:
        yield f'version {version} has no release note'


def icons():
    for name in (f'{APP}.svg', f'{APP}-symbolic.svg'):
        root = ET.fromstring(lint.read(f'data/icons/{name}'))
        _, _, width, height = (float(v) for v in root.get('viewBox').split())
        if width != height:
            yield f'{name} is not square'
        if any(e.tag.endswith(('}image', '}text', '}filter')) for e in root.iter()):
            yield f'{name} holds a picture, text or a filter'


def luminance(colour):
    values = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def profile(path):
    reader = configparser.ConfigParser(interpolation=None, delimiters=('=',), strict=True)
    reader.optionxform = str
    reader.read_string(lint.read(path))
    if reader.sections() != ['Bank']:
        yield f'{path}: groups are {reader.sections()}'
        return
    bank = reader['Bank']
    keys = {re.sub(r'\[.*', '', k) for k in bank}
    if keys - MORE_PROFILE_KEYS != PROFILE_KEYS:
        yield f'{path}: keys differ: {sorted((keys - MORE_PROFILE_KEYS) ^ PROFILE_KEYS)}'
        return
    if not re.fullmatch(r'[a-z0-9-]+', bank['id']):
        yield f'{path}: id'
    if not bank.get('name[zh_CN]'):
        yield f'{path}: name is not in Chinese'
    here = bank['address'] == '' or bank['address'].startswith('http://127.0.0.1:')
    if not here and not bank['address'].startswith('https://'):
        yield f'{path}: address is not https'
    if not re.fullmatch(r'[A-Z]{3}', bank['currency']):
        yield f'{path}: currency'
    unknown = {f for f in bank['features'].split(';') if f} - FEATURES
    if unknown:
        yield f'{path}: unknown features {sorted(unknown)}'
    if ('sandbox' in bank['features'].split(';')) != here:
        yield f'{path}: only a bank on this computer is a sandbox'
    for key, ground in (('accent-light', '#ffffff'), ('accent-dark', '#242827')):
        if not re.fullmatch(r'#[0-9a-f]{6}', bank[key]) or contrast(bank[key], ground) < 4.5:
            yield f'{path}: {key} {bank[key]} is not readable on {ground}'


def manifest():
    try:
        tree = json.loads(lint.read(MANIFEST))
    except (OSError, ValueError) as error:
        yield str(error)
        return
    if tree.get('id') != APP or tree.get('command') != 'jinnang' or tree.get('runtime') != 'org.gnome.Platform':
        yield 'id, command or runtime is wrong'
    given = tree.get('finish-args', [])
    if set(given) != FINISH_ARGS or len(given) != len(FINISH_ARGS):
        yield f'permissions differ: {sorted(set(given) ^ FINISH_ARGS)}'
    for module in tree.get('modules', []):
        options = module.get('build-options', {})
        if any('share=network' in a for a in options.get('build-args', [])):
            yield f'{module["name"]} wants the network while building'
        for source in module.get('sources', []):
            if source['type'] == 'archive' and not (re.fullmatch(r'[0-9a-f]{64}', source.get('sha256', ''))
                                                    and source.get('url', '').startswith('https://')):
                yield f'{module["name"]}: an archive needs https and a sha256'
            elif source['type'] not in ('archive', 'dir'):
                yield f'{module["name"]}: source of type {source["type"]}'
    own = [m for m in tree.get('modules', []) if m.get('name') == 'jinnang']
    if len(own) != 1 or own[0]['buildsystem'] != 'meson' or own[0]['sources'] != [{'type': 'dir', 'path': '..'}]:
        yield 'the last module is this tree, built with meson'
    names = {m['name'] for m in tree.get('modules', [])}
    if not {'zbar', 'qrencode', 'libsodium'} <= names:
        yield 'a library that the runtime lacks is missing'


def main():
    desktop_file, metainfo_file = (os.path.abspath(p) for p in sys.argv[1:3])
    tap = lint.Tap()
    tap.check('desktop-file-validate', output('desktop-file-validate', desktop_file))
    tap.check('desktop file speaks Chinese and knows its icon', desktop(desktop_file))
    tap.check('appstreamcli validate', output('appstreamcli', 'validate', '--no-net', metainfo_file))
    tap.check('metainfo is complete', metainfo(metainfo_file))
    tap.check('settings schema', output('glib-compile-schemas', '--strict', '--dry-run', 'data'))
    tap.check('icons', icons())
    profiles = lint.files(['.ini'], ['data/banks'])
    tap.check('there is a sandbox profile', [] if 'data/banks/sandbox.ini' in profiles else ['none'])
    for path in profiles:
        tap.check(f'bank profile {os.path.basename(path)}', profile(path))
    tap.check('Flatpak manifest', manifest())
    pictures = re.findall(r'!\[[^]]*\]\(([^)]+)\)', lint.read('README.md')) if os.path.exists(lint.ROOT + '/README.md') else []
    tap.check('pictures of the README exist', [p for p in pictures if not os.path.exists(os.path.join(lint.ROOT, p))])
    tap.finish()


if __name__ == '__main__':
    main()
