"""The same streams read with the openai package's own typed events, and nothing done with them.

python -m bench.peers.openai_stream BASE_URL STREAMS PACE prints the CPU seconds it used and the tokens it read.
"""

import asyncio
import json
import sys
import time

import openai


async def read(client: openai.AsyncOpenAI, pace: str) -> int:
    messages = [{"role": "user", "content": pace}]
    stream = await client.chat.completions.create(model="measured-1", messages=messages, stream=True)
    return len([event async for event in stream if event.choices and event.choices[0].delta.content])


async def main(base_url: str, streams: str, pace: str) -> None:
    client = openai.AsyncOpenAI(base_url=base_url, api_key="none")
    began = time.process_time()
    counts = await asyncio.gather(*(read(client, pace) for _ in range(int(streams))))
    print(json.dumps({"cpu": time.process_time() - began, "tokens": sum(counts)}))


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(*sys.argv[1:]))
