# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Run in the environment of requirements.txt: sends a file with tuspy, from where the server says that it is.

    tus_client.py URL FILE PIECE [UPLOAD]       prints the address of the upload, and then each offset
"""

import sys

from tusclient import client

url, path, piece = sys.argv[1], sys.argv[2], int(sys.argv[3])
known = sys.argv[4] if len(sys.argv) > 4 else None
uploader = client.TusClient(url).uploader(path, chunk_size=piece, url=known, metadata={"filename": "file.txt"})
if known is None:
    uploader.set_url(uploader.create_url())
print(uploader.url, flush=True)
while uploader.offset < uploader.get_file_size():
    uploader.upload_chunk()
    print(uploader.offset, flush=True)
