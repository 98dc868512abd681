// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

#define _GNU_SOURCE
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

enum { READ_BYTES = 1 << 20, EVENTS = 256, SOURCES = 250 };

static uint8_t shared[READ_BYTES];
static uint64_t time_of_read;
static bool *watched;

/// The descriptor of the process's one epoll set.
static int set(void)
{
    static int descriptor = -1;
    if (descriptor < 0 && (descriptor = epoll_create1(EPOLL_CLOEXEC)) < 0) {
        fail("epoll_create1: %s", strerror(errno));
    }
    return descriptor;
}

static void watch(struct connection *connection, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(set(), operation, connection->socket, &event) != 0) {
        fail("epoll_ctl: %s", strerror(errno));
    }
    connection->waits_to_write = (events & EPOLLOUT) != 0;
}

static void set_option(int socket, int level, int option, int value)
{
    if (setsockopt(socket, level, option, &value, sizeof value) != 0) {
        fail("setsockopt: %s", strerror(errno));
    }
}

void connection_open(struct connection *connection, uint32_t index, uint16_t port, const struct protocol *protocol)
{
    connection->index = index;
    connection->protocol = protocol;
    connection->connecting = true;
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->socket < 0) {
        fail("socket: %s (see ulimit -n)", strerror(errno));
    }
    set_option(connection->socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(connection->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    struct sockaddr_in source = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000102 + index % SOURCES)};
    if (bind(connection->socket, (struct sockaddr *) &source, sizeof source) != 0) {
        fail("bind: %s", strerror(errno));
    }
    struct sockaddr_in server = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    if (connect(connection->socket, (struct sockaddr *) &server, sizeof server) != 0 && errno != EINPROGRESS) {
        fail("connect: %s", strerror(errno));
    }
    watch(connection, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

void connection_reset(struct connection *connection)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(connection->socket);
    connection->generation++;
    connection->in.count = 0;
    connection->out.count = 0;
}

void connection_flush(struct connection *connection)
{
    if (connection->connecting) {
        return;
    }
    size_t sent = 0;
    while (sent < connection->out.count) {
        const uint8_t *rest = connection->out.data + sent;
        ssize_t count = send(connection->socket, rest, connection->out.count - sent, MSG_NOSIGNAL);
        if (count < 0) {
            if (errno == EAGAIN) {
                break;
            }
            connection->protocol->closed(connection, strerror(errno));
            return;
        }
        sent += (size_t) count;
    }
    bytes_drop(&connection->out, sent);
    bool wait = connection->out.count > 0;
    if (wait != connection->waits_to_write) {
        watch(connection, EPOLL_CTL_MOD, wait ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

/// All connections read into one buffer; a connection keeps bytes of its own only while a message is incomplete.
static void receive(struct connection *connection)
{
    size_t kept = connection->in.count;
    if (kept == READ_BYTES) {
        fail("a message above %d bytes", READ_BYTES);
    }
    if (kept) {
        memcpy(shared, connection->in.data, kept);
    }
    ssize_t count = recv(connection->socket, shared + kept, READ_BYTES - kept, 0);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) {
            connection->protocol->closed(connection, count ? strerror(errno) : "end of stream");
        }
        return;
    }
    time_of_read = clock_now();
    uint32_t generation = connection->generation;
    size_t available = kept + (size_t) count;
    size_t done = connection->protocol->received(connection, shared, available);
    if (connection->generation != generation) {
        return;
    }
    connection->in.count = 0;
    if (done < available) {
        bytes_append(&connection->in, shared + done, available - done);
    } else if (kept) {
        bytes_free(&connection->in);
    }
    if (connection->out.count) {
        connection_flush(connection);
    }
}

static void ready(struct connection *connection, uint32_t events)
{
    uint32_t generation = connection->generation;
    if (events & (EPOLLOUT | EPOLLERR)) {
        if (connection->connecting) {
            int error = 0;
            socklen_t size = sizeof error;
            getsockopt(connection->socket, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error) {
                connection->protocol->closed(connection, strerror(error));
                return;
            }
            connection->connecting = false;
        }
        connection_flush(connection);
    }
    if (connection->generation == generation && events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        receive(connection);
    }
}

void loop_watch(int descriptor, bool *readable)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(set(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        fail("cannot watch descriptor %d: %s", descriptor, strerror(errno));
    }
    watched = readable;
}

void loop_turn(int milliseconds)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(set(), events, EVENTS, milliseconds);
    if (count < 0 && errno != EINTR) {
        fail("epoll_wait: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr) {
            ready(events[i].data.ptr, events[i].events);
        } else {
            *watched = true;
        }
    }
}

uint64_t loop_time(void)
{
    return time_of_read;
}
