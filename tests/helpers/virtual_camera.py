"""A camera that shows a picture: the real PipeWire daemon with its session manager in XDG_RUNTIME_DIR, which has to be a folder of the
test's own, and GStreamer as what hangs on it. Nothing of the machine's own sound and video is touched."""

import os
import socket
import subprocess
import sys
import time

LONGEST_WAIT = 20
NAME = 'jinnang-test-camera'
SIZE = 'width=1280,height=720,framerate=10/1'
# PipeWire's sink hands out memory that the converters before it cannot use.
SINK = ('identity drop-allocation=true ! pipewiresink mode=provide stream-properties=p,media.class=Video/Source,media.role=Camera,'
        f'node.name={NAME}')
RAW = f'video/x-raw,format=YUY2,{SIZE}'
JPEG = f'video/x-raw,format=I420,{SIZE} ! jpegenc'


def showing(path, as_what=RAW):
    """What a camera before this picture (PNG) would send."""
    return (f'filesrc location={path} ! pngdec ! imagefreeze is-live=true ! videoconvert ! videoscale add-borders=true '
            f'! {as_what}')


class VirtualCamera:
    def __init__(self):
        self.remote = os.path.join(os.environ['XDG_RUNTIME_DIR'], 'pipewire-0')
        self.processes = []
        self.camera = None

    def __enter__(self):
        self.start('pipewire')
        self.wait(lambda: os.path.exists(self.remote), 'PipeWire')
        self.start('wireplumber')
        return self

    def __exit__(self, *rest):
        self.unplug()
        while self.processes:
            self.end(self.processes.pop())

    def start(self, *command):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process

    @staticmethod
    def end(process):
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @staticmethod
    def wait(question, what):
        end = time.monotonic() + LONGEST_WAIT
        while not question():
            if time.monotonic() > end:
                raise AssertionError(f'waited {LONGEST_WAIT} s for {what}')
            time.sleep(0.05)

    @staticmethod
    def is_there():
        return NAME in subprocess.run(['pw-cli', 'ls', 'Node'], capture_output=True, text=True, check=False).stdout

    def plug(self, source):
        """The elements of GStreamer that make the picture, up to their form."""
        self.unplug()
        command = ['gst-launch-1.0', '-q', *source.split(), '!', *SINK.split()]
        # PipeWire's sink complains of large pictures and goes on: that is not what is looked at here.
        environment = {name: value for name, value in os.environ.items() if name != 'G_DEBUG'}
        self.camera = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        self.wait(self.is_there, 'the camera')
        # PipeWire lists a camera a moment before a reader can be joined to it.
        time.sleep(1)

    def unplug(self):
        if self.camera is not None:
            self.end(self.camera)
            self.camera = None
            self.wait(lambda: not self.is_there(), 'the end of the camera')

    def connect(self):
        """A remote as the portal hands it out."""
        remote = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        remote.connect(self.remote)
        return remote


class CameraPortal:
    """The desktop's word on the camera, one of yes, no and absent; PipeWire and what it carries are the real ones."""

    def __init__(self, answer):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'camera_portal.py')
        self.process = subprocess.Popen([sys.executable, program, answer], stdin=subprocess.PIPE, text=True)

    def say(self, answer):
        self.process.stdin.write(answer + '\n')
        self.process.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        self.process.stdin.close()
        self.process.wait(10)
