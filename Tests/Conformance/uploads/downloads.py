# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Downloads by curl and by raw requests."""

import subprocess

from uploads.case import UploadCase, metadata, text


class Downloads(UploadCase):
    def setUp(self):
        super().setUp()
        self.content = text(100_000)
        self.path = self.uploader.upload(self.content, metadata("naïve \"name\".txt"))

    def curl(self, *arguments):
        command = ["curl", "-sS", "--fail-with-body", *arguments, f"{self.server.url}{self.path}/file"]
        return subprocess.run(command, capture_output=True, timeout=30)

    def test_curl_gets_the_ranges_that_it_asks_for(self):
        for asked, expected in (
            ("0-99", self.content[:100]), ("-5", self.content[-5:]), ("5-", self.content[5:]), ("99999-", self.content[-1:]),
            ("0-0", self.content[:1]), ("-1000000", self.content), ("50000-2000000", self.content[50_000:]),
        ):
            with self.subTest(asked=asked):
                self.assertEqual(self.curl("-r", asked).stdout, expected)

    def test_curl_goes_on_with_half_a_file(self):
        with open(self.server.directory.name + "/half", "wb+") as file:
            file.write(self.content[:31_337])
            file.flush()
            subprocess.run(
                ["curl", "-sS", "-C", "-", "-o", file.name, f"{self.server.url}{self.path}/file"], check=True, timeout=30)
            file.seek(0)
            self.assertEqual(file.read(), self.content)

    def test_ranges_are_told_as_parts(self):
        answer = self.uploader.download(self.path, ("Range", "bytes=10-19"))
        self.assertEqual((answer.status, answer.header("content-range")), (206, "bytes 10-19/100000"))
        self.assertEqual(answer.body, self.content[10:20])
        answer = self.uploader.download(self.path, ("Range", "bytes=100000-"))
        self.assertEqual((answer.status, answer.header("content-range")), (416, "bytes */100000"))
        answer = self.uploader.download(self.path, ("Range", "bytes=0-1,5-6"))
        self.assertEqual((answer.status, answer.body), (200, self.content))
        answer = self.uploader.download(self.path, ("Range", "lines=0-1"))
        self.assertEqual(answer.status, 200)

    def test_what_a_client_has_is_not_sent_again(self):
        tag = self.uploader.download(self.path).header("etag")
        answer = self.uploader.download(self.path, ("If-None-Match", tag))
        self.assertEqual((answer.status, answer.body), (304, b""))
        answer = self.uploader.download(self.path, ("If-Range", tag), ("Range", "bytes=0-1"))
        self.assertEqual((answer.status, answer.body), (206, self.content[:2]))
        answer = self.uploader.download(self.path, ("If-Range", '"other"'), ("Range", "bytes=0-1"))
        self.assertEqual((answer.status, answer.body), (200, self.content))
        self.assertEqual(self.uploader.download(self.path, ("If-Match", '"other"')).status, 412)

    def test_nothing_in_a_file_runs_in_a_browser(self):
        answer = self.uploader.download(self.path)
        self.assertEqual(answer.header("x-content-type-options"), "nosniff")
        self.assertTrue(answer.header("content-security-policy").startswith("sandbox;"))
        self.assertEqual(answer.header("content-type"), "text/plain; charset=utf-8")
        self.assertEqual(
            answer.header("content-disposition"),
            "attachment; filename=\"na_ve _name_.txt\"; filename*=UTF-8''na%C3%AFve%20%22name%22.txt")

    def test_head_has_the_length_and_no_bytes(self):
        before = self.sent()
        answer = self.uploader.ask("HEAD", f"{self.path}/file")
        self.assertEqual((answer.status, answer.header("content-length")), (200, "100000"))
        self.assertEqual(self.sent(), before)

    def sent(self):
        metrics = self.uploader.ask("GET", "/metrics").body.decode()
        return [line for line in metrics.splitlines() if 'upload_bytes_total{direction="outbound"}' in line]

    def test_a_signed_link_is_good_for_its_path_alone(self):
        answer = self.uploader.ask("POST", f"{self.path}/link?seconds=60").json()
        self.assertEqual(self.uploader.ask("GET", answer["url"]).body, self.content)
        for broken in (
            answer["url"].replace("/file?", "/thumbnail?"), answer["url"] + "A", answer["url"].replace("for=", "for=ann"),
            answer["url"].replace("expires=1", "expires=2"),
        ):
            self.assertEqual(self.uploader.ask("GET", broken).status, 403, broken)
        for part in ("expires=1", "for=ann", "expires=-1&for="):
            self.assertEqual(self.uploader.ask("GET", f"{self.path}/file?{part}").status, 400, part)
