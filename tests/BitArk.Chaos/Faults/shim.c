/* Preloaded into a child process: takes the place of libc's fdatasync and positioned write, as its environment says.
 *   BITARK_SHIM_NO_FDATASYNC   fdatasync does nothing and says that it succeeded
 *   BITARK_SHIM_SHORT_AT       the N-th positioned write writes half of what it should, ten bytes at most
 *   BITARK_SHIM_PROOF          a file that gets a line for every fault, so that a run can prove that its fault was there
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int writes;

static void tell(const char *line)
{
    const char *path = getenv("BITARK_SHIM_PROOF");
    int out = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (out < 0)
        return;
    if (write(out, line, strlen(line)) < 0)
        abort();
    close(out);
}

static ssize_t write_or_cut(const char *name, int fd, const void *bytes, size_t count, off_t offset)
{
    const char *at = getenv("BITARK_SHIM_SHORT_AT");
    /* Every write counts, the smallest too: N is taken from a list of system calls. */
    if (at != NULL && __sync_add_and_fetch(&writes, 1) == atoi(at)) {
        tell("write cut short\n");
        count = count / 2 < 10 ? count / 2 : 10;
    }
    return ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name))(fd, bytes, count, offset);
}

int fdatasync(int fd)
{
    if (getenv("BITARK_SHIM_NO_FDATASYNC") == NULL)
        return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
    tell("fdatasync skipped\n");
    return 0;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return write_or_cut("pwrite", fd, bytes, count, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset) { return write_or_cut("pwrite64", fd, bytes, count, offset); }
