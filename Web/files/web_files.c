// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#include "web_files.h"

// Every file of admin, api, chat, client, demo and documents, under the path that it is served at. A test compares this list with the folders.
//
// In C, because #embed (C23 section 6.10.4) puts a file into the binary as it is, and has it built again when the file changes. The compiler
// of Swift takes long over the same files as arrays.

#pragma clang diagnostic ignored "-Wc23-extensions"

static const struct web_file files[] = {
    {"/admin/admin.css", (const unsigned char[]){
#embed "../admin/admin.css" suffix(, 0) if_empty(0)
    }},
    {"/admin/admin.html", (const unsigned char[]){
#embed "../admin/admin.html" suffix(, 0) if_empty(0)
    }},
    {"/admin/admin.js", (const unsigned char[]){
#embed "../admin/admin.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/api.js", (const unsigned char[]){
#embed "../admin/api.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/chart.js", (const unsigned char[]){
#embed "../admin/chart.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/closing.js", (const unsigned char[]){
#embed "../admin/closing.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/codes.js", (const unsigned char[]){
#embed "../admin/codes.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/connections.js", (const unsigned char[]){
#embed "../admin/connections.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/dom.js", (const unsigned char[]){
#embed "../admin/dom.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/drawer.js", (const unsigned char[]){
#embed "../admin/drawer.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/feed.js", (const unsigned char[]){
#embed "../admin/feed.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/format.js", (const unsigned char[]){
#embed "../admin/format.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/limit-words.js", (const unsigned char[]){
#embed "../admin/limit-words.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/limits.js", (const unsigned char[]){
#embed "../admin/limits.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/lines.js", (const unsigned char[]){
#embed "../admin/lines.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/log.js", (const unsigned char[]){
#embed "../admin/log.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/login.js", (const unsigned char[]){
#embed "../admin/login.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/nodes.js", (const unsigned char[]){
#embed "../admin/nodes.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/overview.js", (const unsigned char[]){
#embed "../admin/overview.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/samples.js", (const unsigned char[]){
#embed "../admin/samples.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/shortcuts.js", (const unsigned char[]){
#embed "../admin/shortcuts.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/socketio.js", (const unsigned char[]){
#embed "../admin/socketio.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/table.js", (const unsigned char[]){
#embed "../admin/table.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/tail.js", (const unsigned char[]){
#embed "../admin/tail.js" suffix(, 0) if_empty(0)
    }},
    {"/admin/topic-list.js", (const unsigned char[]){
#embed "../admin/topic-list.js" suffix(, 0) if_empty(0)
    }},
    {"/api/asyncapi.json", (const unsigned char[]){
#embed "../api/asyncapi.json" suffix(, 0) if_empty(0)
    }},
    {"/api/openapi.json", (const unsigned char[]){
#embed "../api/openapi.json" suffix(, 0) if_empty(0)
    }},
    {"/chat/about-view.js", (const unsigned char[]){
#embed "../chat/about-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/alarm.js", (const unsigned char[]){
#embed "../chat/alarm.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/attention-listener.js", (const unsigned char[]){
#embed "../chat/attention-listener.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/attention.js", (const unsigned char[]){
#embed "../chat/attention.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/away-teller.js", (const unsigned char[]){
#embed "../chat/away-teller.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-api.js", (const unsigned char[]){
#embed "../chat/chat-api.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-commands.js", (const unsigned char[]){
#embed "../chat/chat-commands.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-dom.js", (const unsigned char[]){
#embed "../chat/chat-dom.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-keys.js", (const unsigned char[]){
#embed "../chat/chat-keys.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-messages.css", (const unsigned char[]){
#embed "../chat/chat-messages.css" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-page.js", (const unsigned char[]){
#embed "../chat/chat-page.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-session.js", (const unsigned char[]){
#embed "../chat/chat-session.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-state.js", (const unsigned char[]){
#embed "../chat/chat-state.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-storage.js", (const unsigned char[]){
#embed "../chat/chat-storage.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-wire.js", (const unsigned char[]){
#embed "../chat/chat-wire.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat-words.js", (const unsigned char[]){
#embed "../chat/chat-words.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat.css", (const unsigned char[]){
#embed "../chat/chat.css" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat.html", (const unsigned char[]){
#embed "../chat/chat.html" suffix(, 0) if_empty(0)
    }},
    {"/chat/chat.js", (const unsigned char[]){
#embed "../chat/chat.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/completion.js", (const unsigned char[]){
#embed "../chat/completion.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/composer-view.js", (const unsigned char[]){
#embed "../chat/composer-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/edits-dialog.js", (const unsigned char[]){
#embed "../chat/edits-dialog.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/emoji.js", (const unsigned char[]){
#embed "../chat/emoji.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/file-links.js", (const unsigned char[]){
#embed "../chat/file-links.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/found-view.js", (const unsigned char[]){
#embed "../chat/found-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/guest-pass.js", (const unsigned char[]){
#embed "../chat/guest-pass.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/history-loader.js", (const unsigned char[]){
#embed "../chat/history-loader.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/invites-view.js", (const unsigned char[]){
#embed "../chat/invites-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/marker-sender.js", (const unsigned char[]){
#embed "../chat/marker-sender.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/markers.js", (const unsigned char[]){
#embed "../chat/markers.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/memberships.js", (const unsigned char[]){
#embed "../chat/memberships.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/mention-field.js", (const unsigned char[]){
#embed "../chat/mention-field.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/menu.js", (const unsigned char[]){
#embed "../chat/menu.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/message-actions.js", (const unsigned char[]){
#embed "../chat/message-actions.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/message-id.js", (const unsigned char[]){
#embed "../chat/message-id.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/message-sender.js", (const unsigned char[]){
#embed "../chat/message-sender.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/message-tools.js", (const unsigned char[]){
#embed "../chat/message-tools.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/message-view.js", (const unsigned char[]){
#embed "../chat/message-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/notices.js", (const unsigned char[]){
#embed "../chat/notices.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/notifier.js", (const unsigned char[]){
#embed "../chat/notifier.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/order-api.js", (const unsigned char[]){
#embed "../chat/order-api.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/order-commands.js", (const unsigned char[]){
#embed "../chat/order-commands.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/page-address.js", (const unsigned char[]){
#embed "../chat/page-address.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/people-view.js", (const unsigned char[]){
#embed "../chat/people-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/person-menu.js", (const unsigned char[]){
#embed "../chat/person-menu.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/questions.js", (const unsigned char[]){
#embed "../chat/questions.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/reaction-picker.js", (const unsigned char[]){
#embed "../chat/reaction-picker.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/reactions.js", (const unsigned char[]){
#embed "../chat/reactions.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/refusal-words.js", (const unsigned char[]){
#embed "../chat/refusal-words.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/reports-view.js", (const unsigned char[]){
#embed "../chat/reports-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/rights.js", (const unsigned char[]){
#embed "../chat/rights.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/room-address.js", (const unsigned char[]){
#embed "../chat/room-address.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/room-dialog.js", (const unsigned char[]){
#embed "../chat/room-dialog.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/room-feed.js", (const unsigned char[]){
#embed "../chat/room-feed.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/room-menu.js", (const unsigned char[]){
#embed "../chat/room-menu.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/room-state.js", (const unsigned char[]){
#embed "../chat/room-state.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/rooms-view.js", (const unsigned char[]){
#embed "../chat/rooms-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/search-query.js", (const unsigned char[]){
#embed "../chat/search-query.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/send-queue.js", (const unsigned char[]){
#embed "../chat/send-queue.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/side-view.js", (const unsigned char[]){
#embed "../chat/side-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/spans.js", (const unsigned char[]){
#embed "../chat/spans.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/switcher.js", (const unsigned char[]){
#embed "../chat/switcher.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/thread-view.js", (const unsigned char[]){
#embed "../chat/thread-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/threads.js", (const unsigned char[]){
#embed "../chat/threads.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/timeline-rows.js", (const unsigned char[]){
#embed "../chat/timeline-rows.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/timeline-view.js", (const unsigned char[]){
#embed "../chat/timeline-view.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/timeline.js", (const unsigned char[]){
#embed "../chat/timeline.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/tus-upload.js", (const unsigned char[]){
#embed "../chat/tus-upload.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/typing-teller.js", (const unsigned char[]){
#embed "../chat/typing-teller.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/typing.js", (const unsigned char[]){
#embed "../chat/typing.js" suffix(, 0) if_empty(0)
    }},
    {"/chat/uploads-view.js", (const unsigned char[]){
#embed "../chat/uploads-view.js" suffix(, 0) if_empty(0)
    }},
    {"/client/address.d.ts", (const unsigned char[]){
#embed "../client/address.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/address.js", (const unsigned char[]){
#embed "../client/address.js" suffix(, 0) if_empty(0)
    }},
    {"/client/backoff.d.ts", (const unsigned char[]){
#embed "../client/backoff.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/backoff.js", (const unsigned char[]){
#embed "../client/backoff.js" suffix(, 0) if_empty(0)
    }},
    {"/client/catch-up.d.ts", (const unsigned char[]){
#embed "../client/catch-up.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/catch-up.js", (const unsigned char[]){
#embed "../client/catch-up.js" suffix(, 0) if_empty(0)
    }},
    {"/client/chat-message.d.ts", (const unsigned char[]){
#embed "../client/chat-message.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/chat-message.js", (const unsigned char[]){
#embed "../client/chat-message.js" suffix(, 0) if_empty(0)
    }},
    {"/client/client-options.d.ts", (const unsigned char[]){
#embed "../client/client-options.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/client-options.js", (const unsigned char[]){
#embed "../client/client-options.js" suffix(, 0) if_empty(0)
    }},
    {"/client/clock.d.ts", (const unsigned char[]){
#embed "../client/clock.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/clock.js", (const unsigned char[]){
#embed "../client/clock.js" suffix(, 0) if_empty(0)
    }},
    {"/client/emitter.d.ts", (const unsigned char[]){
#embed "../client/emitter.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/emitter.js", (const unsigned char[]){
#embed "../client/emitter.js" suffix(, 0) if_empty(0)
    }},
    {"/client/event-stream.d.ts", (const unsigned char[]){
#embed "../client/event-stream.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/event-stream.js", (const unsigned char[]){
#embed "../client/event-stream.js" suffix(, 0) if_empty(0)
    }},
    {"/client/events-api.d.ts", (const unsigned char[]){
#embed "../client/events-api.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/events-api.js", (const unsigned char[]){
#embed "../client/events-api.js" suffix(, 0) if_empty(0)
    }},
    {"/client/hibiki-client.d.ts", (const unsigned char[]){
#embed "../client/hibiki-client.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/hibiki-client.js", (const unsigned char[]){
#embed "../client/hibiki-client.js" suffix(, 0) if_empty(0)
    }},
    {"/client/hibiki-error.d.ts", (const unsigned char[]){
#embed "../client/hibiki-error.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/hibiki-error.js", (const unsigned char[]){
#embed "../client/hibiki-error.js" suffix(, 0) if_empty(0)
    }},
    {"/client/http-transport.d.ts", (const unsigned char[]){
#embed "../client/http-transport.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/http-transport.js", (const unsigned char[]){
#embed "../client/http-transport.js" suffix(, 0) if_empty(0)
    }},
    {"/client/index.d.ts", (const unsigned char[]){
#embed "../client/index.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/index.js", (const unsigned char[]){
#embed "../client/index.js" suffix(, 0) if_empty(0)
    }},
    {"/client/introduction.d.ts", (const unsigned char[]){
#embed "../client/introduction.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/introduction.js", (const unsigned char[]){
#embed "../client/introduction.js" suffix(, 0) if_empty(0)
    }},
    {"/client/long-poll.d.ts", (const unsigned char[]){
#embed "../client/long-poll.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/long-poll.js", (const unsigned char[]){
#embed "../client/long-poll.js" suffix(, 0) if_empty(0)
    }},
    {"/client/network.d.ts", (const unsigned char[]){
#embed "../client/network.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/network.js", (const unsigned char[]){
#embed "../client/network.js" suffix(, 0) if_empty(0)
    }},
    {"/client/outbox.d.ts", (const unsigned char[]){
#embed "../client/outbox.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/outbox.js", (const unsigned char[]){
#embed "../client/outbox.js" suffix(, 0) if_empty(0)
    }},
    {"/client/positions.d.ts", (const unsigned char[]){
#embed "../client/positions.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/positions.js", (const unsigned char[]){
#embed "../client/positions.js" suffix(, 0) if_empty(0)
    }},
    {"/client/protobuf-frames.d.ts", (const unsigned char[]){
#embed "../client/protobuf-frames.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/protobuf-frames.js", (const unsigned char[]){
#embed "../client/protobuf-frames.js" suffix(, 0) if_empty(0)
    }},
    {"/client/protobuf.d.ts", (const unsigned char[]){
#embed "../client/protobuf.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/protobuf.js", (const unsigned char[]){
#embed "../client/protobuf.js" suffix(, 0) if_empty(0)
    }},
    {"/client/random-id.d.ts", (const unsigned char[]){
#embed "../client/random-id.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/random-id.js", (const unsigned char[]){
#embed "../client/random-id.js" suffix(, 0) if_empty(0)
    }},
    {"/client/reconnecting-websocket.d.ts", (const unsigned char[]){
#embed "../client/reconnecting-websocket.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/reconnecting-websocket.js", (const unsigned char[]){
#embed "../client/reconnecting-websocket.js" suffix(, 0) if_empty(0)
    }},
    {"/client/request.d.ts", (const unsigned char[]){
#embed "../client/request.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/request.js", (const unsigned char[]){
#embed "../client/request.js" suffix(, 0) if_empty(0)
    }},
    {"/client/sleeper.d.ts", (const unsigned char[]){
#embed "../client/sleeper.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/sleeper.js", (const unsigned char[]){
#embed "../client/sleeper.js" suffix(, 0) if_empty(0)
    }},
    {"/client/token-source.d.ts", (const unsigned char[]){
#embed "../client/token-source.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/token-source.js", (const unsigned char[]){
#embed "../client/token-source.js" suffix(, 0) if_empty(0)
    }},
    {"/client/topic-feed.d.ts", (const unsigned char[]){
#embed "../client/topic-feed.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/topic-feed.js", (const unsigned char[]){
#embed "../client/topic-feed.js" suffix(, 0) if_empty(0)
    }},
    {"/client/transport-choice.d.ts", (const unsigned char[]){
#embed "../client/transport-choice.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/transport-choice.js", (const unsigned char[]){
#embed "../client/transport-choice.js" suffix(, 0) if_empty(0)
    }},
    {"/client/websocket-transport.d.ts", (const unsigned char[]){
#embed "../client/websocket-transport.d.ts" suffix(, 0) if_empty(0)
    }},
    {"/client/websocket-transport.js", (const unsigned char[]){
#embed "../client/websocket-transport.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/board.js", (const unsigned char[]){
#embed "../demo/board.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/commands.js", (const unsigned char[]){
#embed "../demo/commands.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/demo.css", (const unsigned char[]){
#embed "../demo/demo.css" suffix(, 0) if_empty(0)
    }},
    {"/demo/demo.js", (const unsigned char[]){
#embed "../demo/demo.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/history.js", (const unsigned char[]){
#embed "../demo/history.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/index.html", (const unsigned char[]){
#embed "../demo/index.html" suffix(, 0) if_empty(0)
    }},
    {"/demo/keys.js", (const unsigned char[]){
#embed "../demo/keys.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/lane-view.js", (const unsigned char[]){
#embed "../demo/lane-view.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/lane.js", (const unsigned char[]){
#embed "../demo/lane.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/ledger.js", (const unsigned char[]){
#embed "../demo/ledger.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/mark.svg", (const unsigned char[]){
#embed "../demo/mark.svg" suffix(, 0) if_empty(0)
    }},
    {"/demo/pace.js", (const unsigned char[]){
#embed "../demo/pace.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/plots.js", (const unsigned char[]){
#embed "../demo/plots.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/publisher.js", (const unsigned char[]){
#embed "../demo/publisher.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/rest.js", (const unsigned char[]){
#embed "../demo/rest.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/theme.js", (const unsigned char[]){
#embed "../demo/theme.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/transports.js", (const unsigned char[]){
#embed "../demo/transports.js" suffix(, 0) if_empty(0)
    }},
    {"/demo/words.js", (const unsigned char[]){
#embed "../demo/words.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/awareness.js", (const unsigned char[]){
#embed "../documents/awareness.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/bytes.js", (const unsigned char[]){
#embed "../documents/bytes.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/cursors-view.js", (const unsigned char[]){
#embed "../documents/cursors-view.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-editor.js", (const unsigned char[]){
#embed "../documents/document-editor.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-input.js", (const unsigned char[]){
#embed "../documents/document-input.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-link.js", (const unsigned char[]){
#embed "../documents/document-link.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-messages.js", (const unsigned char[]){
#embed "../documents/document-messages.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-name.js", (const unsigned char[]){
#embed "../documents/document-name.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/document-storage.js", (const unsigned char[]){
#embed "../documents/document-storage.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/documents.css", (const unsigned char[]){
#embed "../documents/documents.css" suffix(, 0) if_empty(0)
    }},
    {"/documents/documents.html", (const unsigned char[]){
#embed "../documents/documents.html" suffix(, 0) if_empty(0)
    }},
    {"/documents/documents.js", (const unsigned char[]){
#embed "../documents/documents.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/line-view.js", (const unsigned char[]){
#embed "../documents/line-view.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/lines.js", (const unsigned char[]){
#embed "../documents/lines.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/people-view.js", (const unsigned char[]){
#embed "../documents/people-view.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/people.js", (const unsigned char[]){
#embed "../documents/people.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/states-view.js", (const unsigned char[]){
#embed "../documents/states-view.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/text-view.js", (const unsigned char[]){
#embed "../documents/text-view.js" suffix(, 0) if_empty(0)
    }},
    {"/documents/toolbar.js", (const unsigned char[]){
#embed "../documents/toolbar.js" suffix(, 0) if_empty(0)
    }},
};

const struct web_file *web_files(size_t *count) {
    *count = sizeof files / sizeof *files;
    return files;
}

size_t web_file_length(const struct web_file *file) {
    return __builtin_strlen((const char *)file->text);
}
