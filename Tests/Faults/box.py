"""A place to try a fault in: an invented kernel, a walkthrough through it, and a walker with a cache of its own."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

TREE = {
    "Makefile": "VERSION = 1\nPATCHLEVEL = 2\nSUBLEVEL = 0\nEXTRAVERSION =\n",
    "COPYING": "An invented licence.\n",
    "arch/x86/include/asm/types.h": "typedef unsigned int u32;\n",
    "include/linux/widget.h": """#ifndef WIDGET_H
#define WIDGET_H
#include <asm/types.h>
extern u32 widget_cap;
struct widget { u32 state; u32 room; };
struct widget_ops { int kind; int (*open)(struct widget *w, int room); };
struct slot { struct widget *w; const struct widget_ops *ops; };
static inline struct slot *find_slot(int id)
{
	extern struct slot all_slots[4];
	return id >= 0 && id < 4 ? &all_slots[id] : 0;
}
struct ctl_table { const char *procname; void *data; int maxlen; unsigned short mode; };
void *register_sysctl(const char *path, struct ctl_table *table);
#endif
""",
    "net/widget.c": """#include <linux/widget.h>
u32 widget_cap = 64;
long sys_widget_open(int id, int room)
{
	struct slot *slot = find_slot(id);
	if (!slot)
		return -9;
	if ((u32)room > widget_cap)
		room = widget_cap;
	return slot->ops->open(slot->w, room);
}
""",
    "net/round.c": """#include <linux/widget.h>
static int round_open(struct widget *w, int room)
{
	w->room = room;
	return 0;
}
const struct widget_ops round_ops = {
	.kind = 1,
	.open = round_open,
};
""",
    "kernel/sysctl.c": """#include <linux/widget.h>
static struct ctl_table widget_table[] = {
	{
		.procname = "cap",
		.data = &widget_cap,
		.mode = 0644,
	},
};
void widget_init(void) { register_sysctl("net/widget", widget_table); }
""",
    "drivers/flat/flat.c": """#include <linux/widget.h>
static int flat_open(struct widget *w, int room) { return -95; }
const struct widget_ops flat_ops = {
	.kind = 2,
	.open = flat_open,
};
""",
}

WALKTHROUGH = """---
title: How widget_open() finds room
entry: {syscall: widget_open}
track: room
when: {kind: 1}
results:
  room-limit:
    stored-in: struct widget.room
    eras:
      - {id: capped, claim: "min((u32) room, cap)"}
---
Widgets.

## The store {#store}
```anchor
function: round_open
role: store
of: struct widget.room
```
It is kept.
"""


class Wrong(Exception):
    """What a case found that should not be."""


class Run:
    def __init__(self, status, output, errors, seconds):
        self.status, self.output, self.errors, self.seconds = status, output, errors, seconds

    def __str__(self):
        return f"status {self.status} after {self.seconds:.1f} s, said {self.errors[:300]!r}"

    def says(self, *texts, status=None):
        """Ended with words, not by a crash: one sentence that holds these texts."""
        if self.status < 0 or "Fatal error" in self.errors or "Crash" in self.errors:
            raise Wrong(f"crashed: {self}")
        if status is None and self.status == 0 or status is not None and self.status != status:
            raise Wrong(f"expected {'an error' if status is None else f'status {status}'}: {self}")
        for text in texts:
            if text.lower() not in self.errors.lower():
                raise Wrong(f"does not say {text!r}: {self}")
        return self

    def proves(self):
        if self.status != 0 or "1 of 1 proved" not in " ".join(self.output.split()):
            raise Wrong(f"expected a proof: {self}, printed {self.output[-200:]!r}")
        return self


class Box:
    def __init__(self, walker, folder):
        self.walker = pathlib.Path(walker).resolve()
        self.folder = pathlib.Path(folder)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "XDG_CACHE_HOME": str(self.folder / "cache"),
            "COLUMNS": "100", "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            **{n: f"{w}@example.org" if "EMAIL" in n else w for w in ["Ada"] for n in (
                "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")},
        }
        (self.folder / "home").mkdir(parents=True)
        (self.folder / "kernel-snippets").mkdir()
        self.write("Annotations/widget-room/walkthrough.md", WALKTHROUGH)
        for path, text in TREE.items():
            self.write("k/" + path, text)
        # What is walked while it changes is not kept.
        time.sleep(0.05)

    def path(self, name):
        return self.folder / name

    def write(self, name, data):
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        return target

    def add(self, name, text):
        """Appends to a file."""
        self.write(name, self.path(name).read_text() + text)

    def shell(self, command):
        done = subprocess.run(
            ["bash", "-ec", command], cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr}")
        return done.stdout

    def start(self, *arguments, environment={}, before=""):
        command = f'{before} exec "$@"' if before else 'exec "$@"'
        return subprocess.Popen(
            ["bash", "-c", command, "bash", str(self.walker), *map(str, arguments)], cwd=self.folder,
            env={**self.environment, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *arguments, limit=100, **more):
        """Runs walker; one that goes on for longer than `limit` seconds is a fault of its own."""
        start = time.monotonic()
        process = self.start(*arguments, **more)
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            for child in self.below(process.pid):
                os.kill(child, signal.SIGKILL)
            process.kill()
            process.communicate()
            raise Wrong(f"went on for more than {limit} s") from None
        return Run(process.returncode, output.decode(errors="replace"), errors.decode(errors="replace"),
                   time.monotonic() - start)

    def print(self, kernel="k", *arguments, **more):
        return self.run("print", "--kernel", kernel, *arguments, **more)

    def clone(self):
        """The kernel as a git clone, with two tags."""
        self.shell("git -C k init -q -b main && git -C k add -A && git -C k commit -qm one && git -C k tag v1 "
                   "&& echo 'int more;' >> k/net/round.c && git -C k add -A && git -C k commit -qm two && git -C k tag v2")

    def lose(self, name):
        self.shell(f"cd k && id=$(git rev-parse {name}) && rm -f .git/objects/${{id:0:2}}/${{id:2}}")

    @staticmethod
    def below(process):
        """The processes that a process has started, and those that these have."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int(re.search(r"\) \S (\d+)", (entry / "stat").read_text()).group(1))
                except (OSError, AttributeError):
                    continue
                found.append((int(entry.name), parent))
        below, known = [], {process}
        while True:
            more = [child for child, parent in found if parent in known and child not in known]
            if not more:
                return below
            below += more
            known |= set(more)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    return None
