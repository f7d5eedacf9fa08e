#include "guest.h"

#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

bool raise_loopback(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool raised = any >= 0 && ioctl(any, SIOCSIFFLAGS, &request) == 0;
  if (any >= 0) close(any);
  return raised;
}

static void mount_at(const char *type, const char *folder) {
  mkdir(folder, 0755);
  mount(type, folder, type, 0, NULL);
}

// The second serial port: the first is the console, on which anybody may write.
static int open_port(void) {
  struct termios settings;
  int port = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (port < 0) return port;
  tcgetattr(port, &settings);
  cfmakeraw(&settings);
  cfsetspeed(&settings, B115200);
  tcsetattr(port, TCSANOW, &settings);
  return port;
}

int run_as_init(void) {
  const struct rlimit files = {8192, 8192};
  mount_at("proc", "/proc");
  mount_at("sysfs", "/sys");
  mount_at("devtmpfs", "/dev");
  mount_at("tracefs", "/sys/kernel/tracing");
  setrlimit(RLIMIT_NOFILE, &files);
  int port = open_port();
  char *questions = read_all("/questions");
  if (port >= 0 && questions) {
    answer_to(port);
    raise_loopback();
    knobs_may_be_written = true;
    answer_questions(questions);
    tcdrain(port);
  }
  // The machine is started so that a restart ends it.
  reboot(RB_AUTOBOOT);
  return 1;
}
