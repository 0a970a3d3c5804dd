/* Posts bodies from a file and says how long each waited.

   load PORT PATH FILE CONNECTIONS PER_SECOND KEEP

   In the file each body stands behind its length (32 bits, of this machine's order). PER_SECOND 0: as
   fast as they are answered. With a rate, a wait is counted from when the event was due. KEEP 0: a
   connection for each. Prints: posted, failed, seconds, then p50, p95 and p99 of the waits (ms). */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port, connections, keep;
static double per_second, began;
static const char *path;
static char **bodies;
static unsigned *sizes;
static size_t count, failed;
static double *waits;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int connected(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct timeval limit = {.tv_sec = 30};
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(server, (struct sockaddr *)&to, sizeof to)) {
        close(server);
        return -1;
    }
    return server;
}

static int taken(int server) {
    char answer[8192];
    size_t size = 0;
    for (;;) {
        ssize_t got = read(server, answer + size, sizeof answer - 1 - size);
        if (got <= 0) return 0;
        answer[size += (size_t)got] = 0;
        char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "content-length:");
        if (!end) continue;
        size_t whole = (size_t)(end + 4 - answer) + (length && length < end ? (size_t)atol(length + 15) : 0);
        if (size >= whole) return !strncmp(answer + 8, " 20", 3);
    }
}

static int posted(int server, size_t number) {
    char *request = malloc(sizes[number] + 512);
    int head = sprintf(request,
                       "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                       "Connection: %s\r\nContent-Length: %u\r\n\r\n",
                       path, keep ? "keep-alive" : "close", sizes[number]);
    memcpy(request + head, bodies[number], sizes[number]);
    size_t size = (size_t)head + sizes[number], sent = 0;
    ssize_t got = 1;
    for (; sent < size && got > 0; sent += got > 0 ? (size_t)got : 0)
        got = write(server, request + sent, size - sent);
    free(request);
    return sent == size && taken(server);
}

static void *run(void *first) {
    int server = keep ? connected() : -1;
    for (size_t number = (size_t)first; number < count; number += (size_t)connections) {
        double due = now();
        if (per_second > 0) {
            due = began + (double)number / per_second;
            double pause = due - now();
            if (pause > 0) usleep((useconds_t)(pause * 1e6));
        }
        if (!keep || server < 0) server = connected();
        int good = server >= 0 && posted(server, number);
        waits[number] = (now() - due) * 1e3;
        if (!good) __atomic_add_fetch(&failed, 1, __ATOMIC_RELAXED);
        if (server >= 0 && (!keep || !good)) {
            close(server);
            server = -1;
        }
    }
    if (server >= 0) close(server);
    return NULL;
}

static int by_size(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    signal(SIGPIPE, SIG_IGN);
    port = atoi(argv[1]), path = argv[2], connections = atoi(argv[4]);
    per_second = atof(argv[5]), keep = atoi(argv[6]);
    FILE *file = fopen(argv[3], "rb");
    for (unsigned size; file && fread(&size, sizeof size, 1, file) == 1; count++) {
        bodies = realloc(bodies, (count + 1) * sizeof *bodies);
        sizes = realloc(sizes, (count + 1) * sizeof *sizes);
        bodies[count] = malloc(size);
        sizes[count] = size;
        if (fread(bodies[count], 1, size, file) != size) return 2;
    }
    if (!count) return 2;
    waits = calloc(count, sizeof *waits);
    pthread_t *threads = calloc((size_t)connections, sizeof *threads);
    began = now() + 0.05;
    double start = per_second > 0 ? began : now();
    for (int n = 0; n < connections; n++) pthread_create(&threads[n], NULL, run, (void *)(size_t)n);
    for (int n = 0; n < connections; n++) pthread_join(threads[n], NULL);
    double seconds = now() - start;
    qsort(waits, count, sizeof *waits, by_size);
    printf("%zu %zu %.6f %.3f %.3f %.3f\n", count - failed, failed, seconds, waits[count / 2],
           waits[count * 95 / 100], waits[count * 99 / 100]);
    return 0;
}
