#!/usr/bin/python3
"""jinnang-camera on the real PipeWire: test-pipewire.py JINNANG-CAMERA JINNANG-SCAN"""

import os
import socket
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'helpers'))
from virtual_camera import JPEG, RAW, VirtualCamera, showing  # noqa: E402

PICTURES = os.path.join(HERE, '..', 'fixtures', 'pictures')
PROGRAM, SCAN = sys.argv[1:3]
MAGIC = 0x4a4e4346
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Reader:
    """The program with a wallet's end of its socket."""

    def __init__(self, remote):
        self.socket, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in ('HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR')}
        number = remote.fileno()
        self.process = subprocess.Popen([PROGRAM], stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=environment, pass_fds=(3,), preexec_fn=lambda: os.dup2(number, 3))
        theirs.close()
        remote.close()

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        self.socket.close()
        self.process.kill()
        self.process.wait()

    def read(self, count):
        data = b''
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def frame(self, longest=10):
        """(width, height, pixels, grey)"""
        self.socket.settimeout(longest)
        self.socket.send(b'?')
        magic, width, height = struct.unpack('=III', self.read(12))
        assert magic == MAGIC, hex(magic)
        body = self.read(width * height * 5)
        return width, height, body[:width * height * 4], body[width * height * 4:]

    def status(self, name):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            return next(line.split()[1] for line in file if line.startswith(name + ':'))


def decode(width, height, grey):
    picture = b'P5\n%d %d\n255\n' % (width, height) + grey
    return subprocess.run([SCAN], input=picture, capture_output=True, check=False).stdout.decode()


def expected():
    with open(os.path.join(PICTURES, 'texts.txt'), encoding='utf-8') as file:
        return file.readline().rstrip('\n')


def reads(camera, what):
    camera.plug(showing(os.path.join(PICTURES, 'plain.png'), what))
    with Reader(camera.connect()) as reader:
        for _ in range(3):
            width, height, pixels, grey = reader.frame()
        assert (width, height) == (1280, 720), (width, height)
        assert set(pixels[3::4]) == {255}
        assert decode(width, height, grey).endswith(expected())
        assert reader.status('Seccomp') == '2' and reader.status('NoNewPrivs') == '1'
        # The wallet ends, however: so does this.
        reader.socket.close()
        assert reader.process.wait(5) == 0


@check
def raw_pictures(camera):
    reads(camera, RAW)


@check
def jpeg_pictures(camera):
    reads(camera, JPEG)


@check
def two_codes(camera):
    camera.plug(showing(os.path.join(PICTURES, 'two-codes.png')))
    with Reader(camera.connect()) as reader:
        width, height, _, grey = reader.frame()
        assert decode(width, height, grey) == 'ERR PICTURE_MANY_CODES\n', decode(width, height, grey)


@check
def larger_than_needed(camera):
    camera.plug('videotestsrc is-live=true ! video/x-raw,format=NV12,width=2560,height=1440,framerate=5/1')
    with Reader(camera.connect()) as reader:
        assert reader.frame()[:2] == (1280, 720)


@check
def no_smaller_one(camera):
    for what in ('video/x-raw,format=YUY2,{}', 'video/x-raw,format=I420,{} ! jpegenc'):
        camera.plug('videotestsrc is-live=true ! ' + what.format('width=3840,height=2160,framerate=5/1'))
        with Reader(camera.connect()) as reader:
            assert reader.frame()[:2] == (1280, 720)


def no_picture(reader):
    """Neither sent nor waited for beyond the wallet's end."""
    try:
        reader.frame(1)
    except (EOFError, ConnectionError, TimeoutError):
        pass
    else:
        raise AssertionError('a picture came')
    reader.socket.close()
    reader.process.wait(5)


@check
def absurd_pictures(camera):
    for size in ('width=8000,height=6000', 'width=1,height=1', 'width=16,height=6000'):
        camera.plug(f'videotestsrc is-live=true ! video/x-raw,format=GRAY8,{size},framerate=2/1')
        with Reader(camera.connect()) as reader:
            no_picture(reader)


@check
def no_camera(camera):
    camera.unplug()
    with Reader(camera.connect()) as reader:
        no_picture(reader)


@check
def no_pipewire(camera):
    ours, theirs = socket.socketpair()
    with Reader(theirs) as reader:
        ours.send(os.urandom(4096))
        no_picture(reader)
        ours.close()


@check
def pulled_out(camera):
    camera.plug(showing(os.path.join(PICTURES, 'plain.png')))
    with Reader(camera.connect()) as reader:
        reader.frame()
        camera.unplug()
        end = time.monotonic() + 10
        try:
            while time.monotonic() < end:
                reader.frame(1)
        except (EOFError, ConnectionError, TimeoutError):
            return
        raise AssertionError('pictures of a camera that is gone')


@check
def says_what_it_can(camera):
    environment = dict(os.environ)
    assert subprocess.run([PROGRAM, '--probe'], env=environment, check=False).returncode == 0
    environment.update(GST_PLUGIN_SYSTEM_PATH_1_0='/nonexistent', GST_REGISTRY_1_0=os.path.join(os.environ['HOME'], 'none'))
    assert subprocess.run([PROGRAM, '--probe'], env=environment, check=False).returncode == 1


def main():
    print(f'1..{len(CHECKS)}')
    with VirtualCamera() as camera:
        for number, function in enumerate(CHECKS, 1):
            before = time.monotonic()
            try:
                function(camera)
                mark = 'ok'
            except Exception as failure:  # told, and the others run
                mark = 'not ok'
                print(f'# {type(failure).__name__}: {failure}')
            print(f'{mark} {number} {function.__name__.replace("_", " ")} # {time.monotonic() - before:.1f} s', flush=True)


if __name__ == '__main__':
    main()
