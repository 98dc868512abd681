# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Networks that break, reloads, and documents that are gone."""

import urllib.parse
import urllib.request

from documents_page.case import SCREENSHOTS, Desk


class Connections(Desk):
    def test_what_was_written_offline_is_merged(self):
        link = self.link()
        ada, grace = self.enter("Ada", link), self.enter("Grace")
        ada.write("shared")
        grace.wait_text("shared")
        link.down()
        ada.wait_link("offline")
        ada.wait_people("Ada (you)")
        grace.wait_people("Grace (you)")
        ada.press("Control+End")
        ada.write(" offline")
        grace.press("Control+Home")
        grace.write("online ")
        grace.wait_text("online shared")
        ada.tab.screenshot(SCREENSHOTS / "documents-offline.png")
        link.up()
        for tab in (ada, grace):
            tab.wait_text("online shared offline", timeout=40)
        ada.wait_people("Ada (you)", "Grace")
        self.assert_quiet(ada, grace, were_cut=True)

    def test_what_was_written_offline_outlives_the_page(self):
        link = self.link()
        ada, grace = self.enter("Ada", link), self.enter("Grace")
        ada.write("shared")
        grace.wait_text("shared")
        # The page can be loaded, and nothing else comes through.
        link.forbid(b"get /yjs/")
        ada.wait_link("offline")
        ada.write(" and kept")
        ada.wait_kept()
        ada.page.reload()
        ada.wait_text("shared and kept")
        self.assertEqual(grace.text(), "shared")
        link.forbid()
        for tab in (ada, grace):
            tab.wait_text("shared and kept", timeout=40)

    def test_two_tabs_of_one_browser_keep_one_document(self):
        one = self.enter("Ada")
        other = self.enter(context=one.context)
        one.write("left ")
        other.wait_text("left ")
        other.press("Control+End")
        other.write("right")
        one.wait_text("left right")
        for tab in (one, other):
            tab.wait_kept()
        one.page.reload()
        one.wait_text("left right")
        self.assert_quiet(one, other)

    def test_a_deleted_document_says_so_and_does_not_come_back(self):
        ada = self.enter("Ada")
        ada.write("secret")
        ada.wait_kept()
        request = urllib.request.Request(
            f"{self.server.url}/v1/documents/{urllib.parse.quote(self.document, safe='')}", method="DELETE",
            headers={"Authorization": f"Bearer {self.key}"})
        urllib.request.urlopen(request, timeout=10).close()
        ada.tab.wait("document.getElementById('problem').textContent === 'This document was deleted.'")
        self.assertFalse(ada.tab.eval("document.getElementById('text').isContentEditable"))
        ada.tab.wait("""async () => {
            const open = indexedDB.open('hibiki.documents')
            const database = await new Promise(resolve => { open.onsuccess = () => resolve(open.result) })
            const count = database.transaction('updates').objectStore('updates').count()
            return await new Promise(resolve => { count.onsuccess = () => resolve(count.result === 0) })
        }""")
        ada.page.reload()
        ada.wait_link("synchronised")
        self.assertEqual(ada.text(), "")
