"""A process that takes a conversation's lock, says so, and holds it until it is killed."""

import asyncio
import sys

from bot.lock_store import LeaseLockStore


async def main(url: str, conversation: str, lease: float) -> None:
    async with LeaseLockStore(url, lease=lease).lock(conversation):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
