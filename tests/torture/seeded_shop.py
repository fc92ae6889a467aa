"""What puts bugs into a copy of one source and asks test programs whether they notice: shared by the lists for the sealed store and for the engine.

Sources and tests are compiled once; a bug costs one file and the links. One TAP line a bug, with the program that caught it.
"""

import concurrent.futures
import os
import subprocess
import tempfile

LIMIT = 600  # seconds for a program; one that does not end has failed


def flags(*packages):
    return subprocess.run(['pkg-config', '--cflags', '--libs', *packages], check=True, text=True, stdout=subprocess.PIPE).stdout.split()


class Workshop:
    """room: the folder with the sources under test, those that begin with prefix; library: what else is linked, as it was built.

    programs: name -> (sources, arguments, environment, words for the linker), asked in this order.
    """

    def __init__(self, source, room, prefix, library, programs):
        self.source, self.room, self.library, self.programs = source, os.path.join(source, room), library, programs
        self.names = sorted(f for f in os.listdir(self.room) if f.startswith(prefix) and f.endswith('.c'))
        self.libraries = flags('glib-2.0', 'sqlite3', 'libsodium') + ['-lpthread']
        self.includes = [f'-I{source}/{f}' for f in ('app/ledger', 'app/store', 'app/base', 'tests/ledger', 'tests/store', 'tests/torture')]

    def compile(self, source, out):
        subprocess.run(['cc', '-c', '-O1', '-w', '-D_GNU_SOURCE', *self.includes, *[f for f in self.libraries if f.startswith('-I')], '-o', out, source],
                       check=True)
        return out

    def object_name(self, source):
        return os.path.join(self.folder, os.path.relpath(source, self.source).replace('/', '_')[:-2] + '.o')

    def prepare(self, folder, pool):
        self.folder = folder
        own = [os.path.join(self.room, n) for n in self.names]
        self.objects = {os.path.basename(s): self.object_name(s) for s in own}
        tests = sorted({os.path.join(self.source, s) for p in self.programs.values() for s in p[0]})
        list(pool.map(lambda s: self.compile(s, self.object_name(s)), own + tests))

    def run(self, name, objects, folder):
        """Whether the program succeeds with these objects."""
        sources, arguments, env, words = self.programs[name]
        program = os.path.join(folder, name)
        tests = [self.object_name(os.path.join(self.source, s)) for s in sources]
        subprocess.run(['cc', '-o', program] + tests + objects + [self.library] + words + self.libraries, check=True)
        try:
            run = subprocess.run([program, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=LIMIT,
                                 env=dict(os.environ, G_TEST_SRCDIR=os.path.join(self.source, 'tests'), **env))
        except subprocess.TimeoutExpired:
            return False
        finally:
            os.remove(program)
        return run.returncode == 0

    def catch(self, bug):
        """The name of the program that failed, or None."""
        _, file, old, new, first = bug
        with open(os.path.join(self.room, file), encoding='utf-8') as source:
            text = source.read()
        if text.count(old) != 1:
            return f'?? the place is there {text.count(old)} times'
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            copy = os.path.join(folder, file)
            with open(copy, 'w', encoding='utf-8') as source:
                source.write(text.replace(old, new))
            patched = self.compile(copy, copy[:-2] + '.o')
            objects = [patched if name == file else path for name, path in self.objects.items()]
            for name in sorted(self.programs, key=lambda n: n != first):
                if not self.run(name, objects, folder):
                    return name
        return None


def try_all(shop, bugs):
    """Prints the TAP lines; 0 when all were caught."""
    caught = 0
    with tempfile.TemporaryDirectory(prefix='jn-bug-') as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        shop.prepare(folder, pool)
        print(f'1..{len(bugs) + 1}')
        whole = pool.map(lambda n: shop.run(n, list(shop.objects.values()), folder), shop.programs)
        ill = [n for n, good in zip(shop.programs, whole) if not good]
        print(f'{"not ok" if ill else "ok"} 1 - without a bug every program succeeds {" ".join(ill)}', flush=True)
        for number, (bug, by) in enumerate(zip(bugs, pool.map(shop.catch, bugs)), 2):
            good = by is not None and not by.startswith('??')
            caught += good
            print(f'{"ok" if good else "not ok"} {number} - {bug[0]}: {by or "nothing noticed"}', flush=True)
    print(f'# {caught} of {len(bugs)} bugs caught')
    return bool(ill) or caught != len(bugs)
