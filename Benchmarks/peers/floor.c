// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// What the kernel leaves room for: a WebSocket echo that checks nothing, keeps no time and serves no other client than the load
// generator. One read, one pass that unmasks, one write.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// The answer to the key of RFC 6455 §1.3, which the load generator sends.
#define UPGRADE \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

enum { EVENTS = 512, SPACE = 1 << 18, DESCRIPTORS = 1 << 16 };

struct peer {
    int upgraded;
    /// The beginning of a frame whose end has not come.
    uint8_t *kept;
    size_t count;
};

static struct peer peers[DESCRIPTORS];
static uint8_t input[SPACE];
static uint8_t output[SPACE];

static void check(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
}

/// Unmasks whole frames into the output, and returns how many bytes of the input they took.
static size_t echo(uint8_t *bytes, size_t count, size_t *written)
{
    size_t done = 0;
    while (count - done >= 6) {
        uint8_t *frame = bytes + done;
        size_t length = frame[1] & 0x7F;
        size_t header = 2;
        if (length == 126 && count - done >= 8) {
            length = (size_t) frame[2] << 8 | frame[3];
            header = 4;
        }
        if (count - done < header + 4 + length) {
            break;
        }
        uint8_t *to = output + *written;
        memcpy(to, frame, header);
        to[1] &= 0x7F;
        uint32_t key;
        memcpy(&key, frame + header, 4);
        uint64_t wide = (uint64_t) key << 32 | key;
        const uint8_t *from = frame + header + 4;
        for (size_t i = 0; i < length; i += 8) {
            uint64_t word;
            memcpy(&word, from + i, 8);
            word ^= wide;
            memcpy(to + header + i, &word, 8);
        }
        *written += header + length;
        done += header + 4 + length;
    }
    return done;
}

static void drop(int descriptor)
{
    free(peers[descriptor].kept);
    peers[descriptor] = (struct peer) {0};
    close(descriptor);
}

static void serve(int descriptor)
{
    struct peer *peer = &peers[descriptor];
    memcpy(input, peer->kept ? peer->kept : input, peer->count);
    // Unmasking may look at seven bytes behind a frame.
    ssize_t read_now = read(descriptor, input + peer->count, SPACE / 2 - peer->count);
    if (read_now <= 0) {
        drop(descriptor);
        return;
    }
    size_t count = peer->count + (size_t) read_now;
    size_t done = 0;
    size_t written = 0;
    if (peer->upgraded) {
        done = echo(input, count, &written);
    } else if (memmem(input, count, "\r\n\r\n", 4)) {
        peer->upgraded = 1;
        done = count;
        written = sizeof UPGRADE - 1;
        memcpy(output, UPGRADE, written);
    }
    free(peer->kept);
    peer->kept = NULL;
    peer->count = count - done;
    if (peer->count) {
        peer->kept = malloc(peer->count);
        memcpy(peer->kept, input + done, peer->count);
    }
    // The load generator reads what it is sent, so that a write is never cut short.
    if (written && write(descriptor, output, written) != (ssize_t) written) {
        drop(descriptor);
    }
}

static void greet(int poll, int listener)
{
    int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0 || descriptor >= DESCRIPTORS) {
        close(descriptor);
        return;
    }
    int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    check(epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

int main(void)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    check(bind(listener, (struct sockaddr *) &address, size), "bind");
    check(listen(listener, 4096), "listen");
    check(getsockname(listener, (struct sockaddr *) &address, &size), "getsockname");
    printf("listening on http://127.0.0.1:%d \n", ntohs(address.sin_port));
    fflush(stdout);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    check(epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event), "epoll_ctl");
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) {
                greet(poll, listener);
            } else {
                serve(events[i].data.fd);
            }
        }
    }
}
