// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

// Preloaded into a server (LD_PRELOAD), counts its allocations in a file that others map: nothing to ask, nothing to
// wait for. It calls glibc's own entry points rather than dlsym, which itself allocates.

#include "malloc-count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/// Counts before the file is mapped land here and are not reported.
static uint64_t early[MALLOC_COUNT_KINDS];
static uint64_t *totals = early;

static inline void count(int kind)
{
    __atomic_fetch_add(&totals[kind], 1, __ATOMIC_RELAXED);
}

__attribute__((constructor)) static void map_totals(void)
{
    const char *name = getenv(MALLOC_COUNT_VARIABLE);
    int file = name ? open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    if (file < 0 || ftruncate(file, MALLOC_COUNT_BYTES) != 0) {
        return;
    }
    void *page = mmap(NULL, MALLOC_COUNT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) {
        totals = page;
    }
}

void *malloc(size_t size)
{
    count(COUNT_MALLOC);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(COUNT_CALLOC);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
    count(COUNT_REALLOC);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
    count(COUNT_ALIGNED);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count(COUNT_ALIGNED);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size)
{
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
        return EINVAL;
    }
    count(COUNT_ALIGNED);
    void *memory = __libc_memalign(alignment, size);
    if (!memory) {
        return ENOMEM;
    }
    *result = memory;
    return 0;
}
