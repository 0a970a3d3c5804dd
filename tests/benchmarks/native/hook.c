/* The least a command hook can cost: read an event, post it, see that it was taken. hook PORT */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    size_t size = 0, room = 1 << 16;
    char *event = malloc(room), head[256], answer[64];
    ssize_t got;
    while ((got = read(0, event + size, room - size)) > 0)
        if ((size += (size_t)got) == room) event = realloc(event, room *= 2);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&to, sizeof to)) return 1;
    int length = snprintf(head, sizeof head,
                          "POST /hooks/claude HTTP/1.0\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n", size);
    if (write(server, head, (size_t)length) != length) return 1;
    for (size_t sent = 0; sent < size; sent += (size_t)got)
        if ((got = write(server, event + sent, size - sent)) <= 0) return 1;
    return read(server, answer, sizeof answer) > 0 ? 0 : 1;
}
