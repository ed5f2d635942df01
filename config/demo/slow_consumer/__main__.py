"""What a slow consumer costs, by policy.

Runs a feed of numbered lines through four routes, one per overflow policy, to one healthy and one
slow TLS consumer each, all at the same time. At the end the feeds stop, the slow consumers read
what is left for them, and a table says what became of every line. Its `lag` is how old the newest
line was that a consumer had at that time.
"""

import argparse
import contextlib
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional

from consumer import Consumer
from daemon import PATIENCE, Daemon
from feed import LINE, Feed
from table import aligned

POLICIES = ("pause", "drop_newest", "drop_oldest", "close")
SLOW_PACE = 24 * 1024  # bytes a second
QUEUE = "128KiB"

HEAD = """\
log: {level: info, format: json, target: stderr}
shutdown: {drain_timeout: 1s}
routes:
"""
ROUTE = """\
  - name: {policy}
    listen: 127.0.0.1:0
    tls: {{self_signed: true}}
    upstream: {{servers: "unix:{policy}.sock"}}
    framing: line
    max_message: 4KiB
    overflow: {{policy: {policy}, queue: {queue}}}
"""


@dataclass
class Pair:
    """A consumer, and the feed at the other end of its session."""
    policy: str
    consumer: Consumer
    feed: Feed
    name: str


class Demonstration:
    def __init__(self, daemon: Daemon, rate: int) -> None:
        self._daemon = daemon
        self._rate = rate
        self._over = threading.Event()
        self._pairs: List[Pair] = []

    def connect(self, policy: str, listener: socket.socket) -> None:
        """One at a time: the next session that reaches the feed is the one just opened."""
        address = self._daemon.address(policy)
        for name, pace in (("healthy", None), ("slow", SLOW_PACE)):
            consumer = Consumer(address, pace, self._over)
            sock, _ = listener.accept()
            self._pairs.append(Pair(policy, consumer, Feed(sock, self._rate, self._over), name))

    def run(self, seconds: float) -> None:
        threads = [each for pair in self._pairs for each in (pair.consumer, pair.feed)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        # In naps: a Ctrl-C just before one long sleep would be noticed only when it is over.
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        self._over.set()
        for thread in threads:
            thread.join(PATIENCE)
            if thread.is_alive():
                raise RuntimeError(f"a session did not end within {PATIENCE:.0f} s")

    def report(self) -> str:
        columns = [("policy", "<"), ("consumer", "<"), ("sent", ">"), ("delivered", ">"),
                   ("dropped", ">"), ("gaps", ">"), ("lag", ">"), ("producer stalled", ">"),
                   ("peak queue", ">"), ("closed after", "<")]
        rows = [self._row(pair) for pair in self._pairs]
        memory = self._daemon.peak_memory() / 2**20
        return aligned(columns, rows) + f"\n\nPeak memory of the daemon: {memory:.1f} MiB"

    def _row(self, pair: Pair) -> List[str]:
        consumer, feed = pair.consumer, pair.feed
        end = self._daemon.end_of(consumer.address)
        dropped, gaps, closed = end["dropped_messages"], consumer.gaps, "-"
        if end["end_code"] != "--":
            closed = f"{end['duration_ms'] / 1000:.1f} s ({end['end_reason']})"
        elif feed.sent != consumer.delivered + dropped:
            consumer.fault = (f"{feed.sent} lines sent, of which {consumer.delivered} came and "
                              f"{dropped} were dropped")
        elif consumer.misses_the_last_of(feed.sent):
            gaps += 1
        if consumer.fault:
            raise RuntimeError(f"{pair.policy}, {pair.name}: {consumer.fault}")
        return [pair.policy, pair.name, f"{feed.sent:,}", f"{consumer.delivered:,}",
                f"{dropped:,}", f"{gaps:,}", f"{consumer.lag:.1f} s", f"{feed.stalled:.1f} s",
                f"{end['queue_peak'] / 1024:.0f} KiB", closed]


def demonstrate(options: argparse.Namespace) -> None:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spillway-demo-")))
        listeners = {policy: stack.enter_context(listening(folder / f"{policy}.sock"))
                     for policy in POLICIES}
        config = folder / "spillway.yaml"
        config.write_text(HEAD + "".join(ROUTE.format(policy=policy, queue=QUEUE)
                                         for policy in POLICIES), encoding="ascii")
        daemon = Daemon(options.daemon, config)
        stack.callback(daemon.stop)

        demonstration = Demonstration(daemon, options.rate)
        for policy, listener in listeners.items():
            demonstration.connect(policy, listener)
        print(f"For {options.seconds:g} s, {options.rate:,} lines of {LINE} bytes a second to each "
              f"of {2 * len(POLICIES)} consumers; the slow ones\nread {SLOW_PACE // 1024} KiB a "
              f"second. Each has a queue of {QUEUE}.\n", flush=True)
        demonstration.run(options.seconds)
        print(demonstration.report())


@contextlib.contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(PATIENCE)
        yield listener


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="slow-consumer", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--daemon", type=Path, required=True, help="the spillway to run")
    parser.add_argument("--seconds", type=float, default=15, help="how long the feeds send (15)")
    parser.add_argument("--rate", type=int, default=1000, help="lines a second and feed (1000)")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        demonstrate(options)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130
    except (OSError, RuntimeError) as error:
        print(f"slow-consumer: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
