"""Decoding in a child process: a decoder that crashes, hangs or eats memory takes only the child with it.

One or two children are kept warm; the result comes back through shared memory. A child that dies or exceeds
its time is replaced, and the caller gets a sentence.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import multiprocessing
import queue
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.errors import BreastViewError, UnreadableFile

CHILDREN = 2
SECONDS = 20.0
"""Time for one frame; the slowest sound one seen (JPEG 2000, 14 million px) takes 1 s on a busy machine."""
START_SECONDS = 60.0
_ADDRESS_SPACE = 8 << 30


class _Child:
    """One child process and the shared memory its results lie in."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="breastview-decoder", daemon=True)
        self._process.start()
        theirs.close()
        self._block: SharedMemory | None = None
        self._ready = False

    def call(self, function: str, args: tuple[Any, ...], size: int, seconds: float) -> NDArray[Any]:
        """Run `function` in the child and return a copy of its array of at most `size` bytes."""
        block = self._room(size)
        if not self._ready:  # importing numpy can take seconds on a busy machine; it is not the frame's time
            self._start()
        self._pipe.send((function, args, block.name))
        answer = self._answer(seconds)
        if isinstance(answer, Exception):
            raise answer
        shape, dtype = answer
        return np.ndarray(shape, dtype, buffer=block.buf).copy()

    def close(self) -> None:
        """End the child at once and free its memory."""
        with contextlib.suppress(Exception):
            self._process.kill()
            self._process.join(5.0)
        self._pipe.close()
        self._release()

    def _answer(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()

    def _start(self) -> None:
        """Wait until the child listens."""
        try:
            self._answer(START_SECONDS)
        except TimeoutError as error:
            raise _NotStarted("it took too long") from error
        except (EOFError, ConnectionError) as error:
            raise _NotStarted("it ended at once") from error
        self._ready = True

    def _room(self, size: int) -> SharedMemory:
        if self._block is None or self._block.size < size:
            self._release()
            self._block = SharedMemory(create=True, size=size)
        return self._block

    def _release(self) -> None:
        if self._block is not None:
            self._block.close()
            with contextlib.suppress(FileNotFoundError):
                self._block.unlink()
            self._block = None


class Pool:
    """At most `children` processes, started when first needed and handed out last-used first."""

    def __init__(self, children: int = CHILDREN) -> None:
        self._free: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(children):
            self._free.put(None)
        self._children = children

    def warm(self) -> None:
        """Start one child in the background, so that the first compressed picture need not wait for it."""
        threading.Thread(target=self._start_one, name="breastview-warm", daemon=True).start()

    def call(
        self, function: str, args: tuple[Any, ...], *, size: int, path: Path, seconds: float | None = None
    ) -> NDArray[Any]:
        """Run ``module:function`` with `args` in a child.

        Parameters
        ----------
        function : str
            Importable as ``"package.module:name"``; returns an array.
        args : tuple
            Picklable arguments.
        size : int
            Upper bound of the result in bytes.
        path : Path
            The file concerned, for the sentence.
        seconds : float, optional
            Time limit, `SECONDS` when None.

        Returns
        -------
        ndarray

        Raises
        ------
        UnreadableFile
            If the decoder fails, dies, needs too much memory or more time than allowed; or if there is none,
            which is then said, for it tells nothing about the file.
        """
        child = self._free.get()
        healthy = False
        try:
            if child is None:
                child = _Child()
            result = child.call(function, args, max(size, 1), SECONDS if seconds is None else seconds)
            healthy = True
            return result
        except _NotStarted as error:
            raise UnreadableFile(f"the decoder could not be started ({error})", path, _SOUND) from error
        except TimeoutError as error:
            raise UnreadableFile("decoding took too long and was stopped", path, _REMEDY) from error
        except (EOFError, BrokenPipeError, ConnectionError) as error:
            raise UnreadableFile("the decoder broke down on the pixel data", path, _REMEDY) from error
        except OSError as error:  # no process or no shared memory to be had
            reason = (error.strerror or str(error)).lower()
            raise UnreadableFile(f"the decoder could not be started ({reason})", path, _SOUND) from error
        except BreastViewError:
            healthy = True
            raise
        except _Refused as error:
            healthy = True
            raise UnreadableFile(f"the pixel data cannot be decoded ({error})", path, _REMEDY) from error
        finally:
            if not healthy and child is not None:
                child.close()
                child = None
            self._free.put(child)

    def close(self) -> None:
        """End all children that are not at work; those at work end with the application."""
        for _ in range(self._children):
            with contextlib.suppress(queue.Empty):
                child = self._free.get_nowait()
                if child is not None:
                    child.close()
        for _ in range(self._children):
            self._free.put(None)

    def _start_one(self) -> None:
        child = self._free.get()
        try:
            with contextlib.suppress(OSError):  # told when it is needed
                child = child or _Child()
        finally:
            self._free.put(child)


_REMEDY = "The file is damaged or of a rare kind; ask for it again, uncompressed if possible."


_SOUND = (
    "The file may be sound: this computer is very busy or short of memory. "
    "Close other programs and try again."
)


class _NotStarted(Exception):
    """There is no decoder; the reason."""


class _Refused(Exception):
    """The decoder said no; its reason."""


def _serve(pipe: Connection) -> None:
    """Answer calls until the parent goes away; runs in the child."""
    _restrict()
    functions: dict[str, Callable[..., NDArray[Any]]] = {}
    blocks: dict[str, SharedMemory] = {}
    with contextlib.suppress(EOFError, KeyboardInterrupt, ConnectionError):
        pipe.send("ready")
        while True:
            function, args, block = pipe.recv()
            pipe.send(_answer(functions, blocks, function, args, block))


def _answer(
    functions: dict[str, Any], blocks: dict[str, SharedMemory], function: str, args: tuple[Any, ...],
    block: str,
) -> Any:  # fmt: skip
    try:
        if function not in functions:
            module, _, name = function.partition(":")
            functions[function] = getattr(importlib.import_module(module), name)
    except ImportError as error:
        return _NotStarted(str(error))
    try:
        result = np.ascontiguousarray(functions[function](*args))
        if block not in blocks:
            for old in blocks.values():
                old.close()
            blocks.clear()
            blocks[block] = SharedMemory(name=block)
        if result.nbytes > blocks[block].size:
            return _Refused("it is larger than its header says")
        np.ndarray(result.shape, result.dtype, buffer=blocks[block].buf)[...] = result
        return result.shape, result.dtype.str
    except BreastViewError as error:
        return error
    except MemoryError:
        return _Refused("it needs too much memory")
    except BaseException as error:  # Rust decoders raise panics that are no Exception
        return _Refused(str(error).splitlines()[0][:200] if str(error) else type(error).__name__)


def _restrict() -> None:
    """Keep a child from taking the machine's memory, and from core dumps (they would hold pictures)."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))


POOL = Pool()
"""The children of this process."""

atexit.register(POOL.close)
