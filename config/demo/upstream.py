#!/usr/bin/env python3
"""A small plain upstream: answers every line with "upstream got: LINE".

usage: upstream.py SOCKET_PATH
"""

import asyncio
import signal
import sys


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        async for line in reader:
            writer.write(b"upstream got: " + line)
            await writer.drain()
    except (ConnectionError, ValueError):
        pass  # the peer went away, or sent a line longer than anybody types
    finally:
        writer.close()


async def main(path: str) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_unix_server(answer, path)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1]))
