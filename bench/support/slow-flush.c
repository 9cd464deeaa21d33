/* A disk that takes longer to flush: each fsync and fdatasync waits SLOW_FLUSH_US first. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_for_disk(void) {
  const char *microseconds = getenv("SLOW_FLUSH_US");
  if (microseconds != NULL) usleep((useconds_t)atoi(microseconds));
}

int fsync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  wait_for_disk();
  return real(file);
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  wait_for_disk();
  return real(file);
}
