#!/usr/bin/python3
"""screenshots.py BUILD [OUT]: drives the installed program of BUILD and writes its pages as pictures.

What to do is told by tests/ui/screenshots.json: {"variants": [...], "steps": [...]}.
A variant has a name, a language, a scheme (light or dark), a width and a height. Every variant is one fresh run: its own
screen, bus and folders, and the embedded sandbox bank. Steps, in order, each an object with one of
  "action": "win.NAME" or "app.NAME", with "target": a GVariant in text form     activates an action of the program
  "key": "ctrl+k" · "type": "text" · "click": [x, y] · "wait": seconds              real input
  "file": "tests/fixtures/..." put on the clipboard as a picture
  "shot": "name"                                                                 a picture NAME-VARIANT.png
A step with "only": "narrow" runs only in variants whose name holds that word; "optional": true may fail.
"""

import json
import os
import subprocess
import sys
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
APP, PATH = 'org.jinnang.Wallet', '/org/jinnang/Wallet'
# Without a compositor a window has this frame in place of its shadow; pictures leave it out.
FRAME = 5
# No blinking and no moving, so that a page is known to have come to rest.
STILL = '[Settings]\ngtk-cursor-blink=0\ngtk-enable-animations=0\ngtk-font-name=Cantarell 11\n'


class Run:
    """One running program and its window; inside run-display.sh."""

    def __init__(self, build, variant, out):
        self.variant, self.out = variant, out
        prefix = os.path.join(ROOT, build, 'install')
        settings = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings')
        os.makedirs(settings)
        with open(os.path.join(settings, 'keyfile'), 'w', encoding='utf-8') as f:
            f.write(f'[org/jinnang/Wallet]\nwidth={variant["width"]}\nheight={variant["height"]}\n')
        os.makedirs(os.path.join(os.environ['XDG_CONFIG_HOME'], 'gtk-4.0'))
        with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'gtk-4.0', 'settings.ini'), 'w', encoding='utf-8') as f:
            f.write(STILL)
        env = dict(os.environ, GSETTINGS_BACKEND='keyfile', LANGUAGE=variant['language'], LANG='C.UTF-8', LC_ALL='C.UTF-8',
                   TZ='Asia/Shanghai', ADW_DEBUG_COLOR_SCHEME='prefer-dark' if variant['scheme'] == 'dark' else 'prefer-light',
                   GTK_A11Y='none', XDG_DATA_DIRS=f'{prefix}/share:/usr/local/share:/usr/share')
        self.process = subprocess.Popen([os.path.join(prefix, 'bin', 'jinnang')], env=env)
        found = self.tool('xdotool', 'search', '--sync', '--onlyvisible', '--pid', str(self.process.pid))
        self.window = found.split()[-1]
        self.tool('xdotool', 'windowmove', self.window, '0', '0')
        self.tool('xdotool', 'windowsize', self.window, str(variant['width'] + 2 * FRAME),
                  str(variant['height'] + 2 * FRAME))
        self.tool('xdotool', 'windowfocus', self.window)

    @staticmethod
    def tool(*command):
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, timeout=60).stdout

    def picture(self):
        area = f'{self.variant["width"]}x{self.variant["height"]}+{FRAME}+{FRAME}'
        return subprocess.run(['import', '-silent', '-window', self.window, '-crop', area, '+repage', '-strip', 'png:-'],
                              check=True, stdout=subprocess.PIPE, timeout=60).stdout

    def settled(self, longest=8.0):
        """The picture once three looks in a row were the same; the last one when something never rests."""
        end, last, same = time.monotonic() + longest, None, 0
        while time.monotonic() < end and same < 2:
            now = self.picture()
            same = same + 1 if now == last else 0
            last = now
            time.sleep(0.12)
        return last

    def action(self, step):
        group, _, name = step['action'].partition('.')
        path = PATH if group == 'app' else PATH + '/window/1'
        target = f'[<{step["target"]}>]' if 'target' in step else '[]'
        self.tool('gdbus', 'call', '--session', '--dest', APP, '--object-path', path, '--method', 'org.gtk.Actions.Activate',
                  name, target, '{}')

    def step(self, step):
        if step.get('only', '') not in self.variant['name']:
            return
        if 'action' in step:
            self.action(step)
        elif 'key' in step:
            self.tool('xdotool', 'key', step['key'])
        elif 'type' in step:
            self.tool('xdotool', 'type', '--delay', '12', step['type'])
        elif 'click' in step:
            x, y = step['click']
            width, height = self.variant['width'], self.variant['height']
            self.tool('xdotool', 'mousemove', str(FRAME + (x if x >= 0 else width + x)),
                      str(FRAME + (y if y >= 0 else height + y)), 'click', '1')
        elif 'file' in step:
            subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'image/png', '-i', os.path.join(ROOT, step['file'])], check=True)
        elif 'wait' in step:
            time.sleep(step['wait'])
        elif 'shot' in step:
            name = os.path.join(self.out, f'{step["shot"]}-{self.variant["name"]}.png')
            with open(name, 'wb') as f:
                f.write(self.settled())
            print(os.path.relpath(name, ROOT), flush=True)
        if 'shot' not in step and 'wait' not in step:
            self.settled(3.0)
        if self.process.poll() is not None:
            raise RuntimeError(f'the program ended with {self.process.returncode} at {step}')

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def inside(build, variant, steps, out):
    run = Run(build, variant, out)
    try:
        run.settled()
        for step in steps:
            try:
                run.step(step)
            except subprocess.SubprocessError:
                if not step.get('optional'):
                    raise
    finally:
        run.stop()


def main():
    if sys.argv[1] == '--inside':
        build, index, out = sys.argv[2], int(sys.argv[3]), sys.argv[4]
    else:
        build = sys.argv[1]
        out = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(ROOT, build, 'screenshots'))
    with open(os.path.join(ROOT, 'tests', 'ui', 'screenshots.json'), encoding='utf-8') as f:
        plan = json.load(f)
    if sys.argv[1] == '--inside':
        return inside(build, plan['variants'][index], plan['steps'], out)
    os.makedirs(out, exist_ok=True)
    wrapper, failed = os.path.join(ROOT, 'tests', 'helpers', 'run-display.sh'), 0
    for index, variant in enumerate(plan['variants']):
        screen = f'{variant["width"] + 2 * FRAME}x{variant["height"] + 2 * FRAME}'
        failed += subprocess.run([wrapper, '/usr/bin/python3', os.path.abspath(__file__), '--inside', build, str(index), out],
                                 env=dict(os.environ, SCREEN=screen)).returncode != 0
    print(f'Pictures are in {os.path.relpath(out, ROOT)}' + (f'; {failed} runs failed' if failed else ''))
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
