// stalling-disk CONTROL DIRECTORY COMMAND...
//
// Runs the command on a disk whose pace another process sets: what the command asks the system to do with anything below
// DIRECTORY is held back as the file CONTROL says, which has one of
//
//   run        nothing is held back
//   slow N     each operation takes N milliseconds more, one after another, as on a disk that is busy
//   stall      each operation waits until the file says something else
//
// It is the kernel that holds the calls back (seccomp's user notification), so a program cannot tell it from a disk that does
// not answer: the thread sleeps inside the call, and only the end of its process wakes it. The command keeps this process's id,
// and so its exit code and signals; the calls are watched by a child of it. Exits with 125 where the kernel offers none of this.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum what { BY_DESCRIPTOR, BY_PATH, BY_PATH_AT };

static const struct { int number; enum what what; } calls[] = {
#ifdef SYS_open
    { SYS_open, BY_PATH }, { SYS_unlink, BY_PATH }, { SYS_rmdir, BY_PATH }, { SYS_mkdir, BY_PATH }, { SYS_rename, BY_PATH },
    { SYS_stat, BY_PATH }, { SYS_lstat, BY_PATH }, { SYS_access, BY_PATH }, { SYS_chmod, BY_PATH }, { SYS_readlink, BY_PATH },
#endif
    { SYS_truncate, BY_PATH },
    { SYS_openat, BY_PATH_AT }, { SYS_unlinkat, BY_PATH_AT }, { SYS_mkdirat, BY_PATH_AT }, { SYS_renameat2, BY_PATH_AT },
    { SYS_renameat, BY_PATH_AT }, { SYS_newfstatat, BY_PATH_AT }, { SYS_statx, BY_PATH_AT }, { SYS_faccessat, BY_PATH_AT },
    { SYS_faccessat2, BY_PATH_AT }, { SYS_fchmodat, BY_PATH_AT }, { SYS_readlinkat, BY_PATH_AT },
    { SYS_write, BY_DESCRIPTOR }, { SYS_pwrite64, BY_DESCRIPTOR }, { SYS_writev, BY_DESCRIPTOR }, { SYS_pwritev, BY_DESCRIPTOR },
    { SYS_close, BY_DESCRIPTOR }, { SYS_fsync, BY_DESCRIPTOR }, { SYS_fdatasync, BY_DESCRIPTOR }, { SYS_ftruncate, BY_DESCRIPTOR },
    { SYS_fchmod, BY_DESCRIPTOR }, { SYS_flock, BY_DESCRIPTOR }, { SYS_fstat, BY_DESCRIPTOR }, { SYS_getdents64, BY_DESCRIPTOR },
    { SYS_fallocate, BY_DESCRIPTOR }, { SYS_lseek, BY_DESCRIPTOR },
};

#define CALLS (sizeof calls / sizeof calls[0])
#define MOST_HELD 4096

static uint64_t held[MOST_HELD];
static int held_count;

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

static int install(void)
{
    struct sock_filter filter[CALLS + 3];
    size_t n = 0;
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < CALLS; i++)
    {
        filter[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, CALLS - i, 0);
    }

    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = { (unsigned short)n, filter };
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void send_descriptor(int socket, int descriptor)
{
    char byte = 0, space[CMSG_SPACE(sizeof(int))] = { 0 };
    struct iovec io = { &byte, 1 };
    struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    if (sendmsg(socket, &message, 0) < 0)
    {
        fail("sendmsg");
    }
}

static int receive_descriptor(int socket)
{
    char byte, space[CMSG_SPACE(sizeof(int))];
    struct iovec io = { &byte, 1 };
    struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space };
    int descriptor;
    if (recvmsg(socket, &message, 0) <= 0 || CMSG_FIRSTHDR(&message) == NULL)
    {
        exit(0);
    }

    memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
    return descriptor;
}

static void let_go(int listener, uint64_t id)
{
    struct seccomp_notif_resp answer = { .id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

    // Who has been killed meanwhile needs no answer.
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

// The milliseconds that an operation takes; -1 for no end.
static int pace(const char *control)
{
    char text[32] = { 0 };
    int file = open(control, O_RDONLY);
    if (file < 0)
    {
        return 0;
    }

    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    return length <= 0 ? 0 : strncmp(text, "stall", 5) == 0 ? -1 : strncmp(text, "slow ", 5) == 0 ? atoi(text + 5) : 0;
}

static int is_below(const struct seccomp_notif *call, const char *directory)
{
    char link[64], path[4096] = { 0 };
    size_t length = strlen(directory);
    enum what what = BY_DESCRIPTOR;
    for (size_t i = 0; i < CALLS; i++)
    {
        what = calls[i].number == call->data.nr ? calls[i].what : what;
    }

    if (what == BY_DESCRIPTOR)
    {
        snprintf(link, sizeof link, "/proc/%u/fd/%d", call->pid, (int)call->data.args[0]);
        if (readlink(link, path, sizeof path - 1) < 0)
        {
            return 0;
        }
    }
    else
    {
        // Only up to the end of a page is sure to be there.
        uint64_t at = call->data.args[what == BY_PATH ? 0 : 1];
        size_t most = 4096 - at % 4096;
        struct iovec to = { path, most < sizeof path - 1 ? most : sizeof path - 1 }, from = { (void *)at, to.iov_len };
        if (process_vm_readv((pid_t)call->pid, &to, 1, &from, 1, 0) < 0)
        {
            return 0;
        }
    }

    return strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == 0 || path[length] == ' ');
}

static void let_all_go(int listener)
{
    for (int i = 0; i < held_count; i++)
    {
        let_go(listener, held[i]);
    }

    held_count = 0;
}

static void watch(int listener, const char *control, const char *directory)
{
    struct pollfd waiting = { listener, POLLIN, 0 };
    while (1)
    {
        int ready = poll(&waiting, 1, held_count > 0 ? 10 : -1);
        if (held_count > 0 && pace(control) >= 0)
        {
            let_all_go(listener);
        }

        if (ready <= 0)
        {
            continue;
        }

        // Nobody is left who could call.
        if ((waiting.revents & POLLIN) == 0)
        {
            return;
        }

        struct seccomp_notif call;
        memset(&call, 0, sizeof call);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
        {
            continue;
        }

        int milliseconds = is_below(&call, directory) ? pace(control) : 0;
        if (milliseconds < 0 && held_count < MOST_HELD)
        {
            held[held_count++] = call.id;
            continue;
        }

        if (milliseconds > 0)
        {
            struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
            nanosleep(&time, NULL);
        }

        let_go(listener, call.id);
    }
}

int main(int argc, char **argv)
{
    int sockets[2];
    if (argc < 4)
    {
        fprintf(stderr, "stalling-disk CONTROL DIRECTORY COMMAND...\n");
        return 125;
    }

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
    {
        fail("socketpair");
    }

    pid_t child = fork();
    if (child < 0)
    {
        fail("fork");
    }

    if (child == 0)
    {
        // What ends the command by way of its terminal or group is not meant for the disk.
        setsid();
        close(sockets[1]);
        for (int i = 0; i < 3; i++)
        {
            close(i);
        }

        watch(receive_descriptor(sockets[0]), argv[1], argv[2]);
        return 0;
    }

    close(sockets[0]);
    prctl(PR_SET_PTRACER, child, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
    {
        fail("no_new_privs");
    }

    int listener = install();
    if (listener < 0)
    {
        fail("seccomp");
    }

    send_descriptor(sockets[1], listener);
    close(listener);
    execvp(argv[3], argv + 3);
    fail(argv[3]);
}
