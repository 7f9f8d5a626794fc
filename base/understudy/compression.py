"""Stands in for `app.core.compression`, which upstream imports and has in no commit.

`(None, None)` is what its caller takes for "not compressed": the prompt goes to the model as it is.
"""


class _NoCompression:
    async def compress_prompt(self, prompt, target_ratio, model):
        return None, None


compression_service = _NoCompression()
