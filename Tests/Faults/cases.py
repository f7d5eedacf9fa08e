"""The faults: each a function of a box. `quick` ones are part of `make test`."""

import hashlib
import http.server
import json
import os
import re
import signal
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import Callable

from box import TREE, WALKTHROUGH, Wrong, is_alive, until

ALL = []


@dataclass
class Case:
    kind: str
    name: str
    is_quick: bool
    body: Callable


def fault(kind, name, quick=False):
    def add(body):
        ALL.append(Case(kind, name, quick, body))
        return body
    return add


def each(kind, name, values, quick=False):
    """One case for every value; the name has it in braces. With `quick` the first one is quick."""
    def add(body):
        for position, value in enumerate(values):
            label = value[0] if isinstance(value, tuple) else value
            ALL.append(Case(kind, name.format(label), quick and position == 0, lambda box, v=value: body(box, v)))
        return body
    return add


def check(condition, what):
    if not condition:
        raise Wrong(what)


# Nothing is wrong.

@fault("control", "an invented kernel as it is: folder, git, archive", quick=True)
def _(box):
    box.clone()
    box.shell("tar -czf k.tar.gz --exclude .git k")
    for kernel in ["k", "git:k@v1", "git:k@v2", "k.tar.gz"]:
        box.print(kernel).proves()


# Clones.

EVIL = "#!/bin/sh\ntouch {}\nexit 1\n"


def hostile(box, address):
    box.clone()
    evil = box.write("evil", EVIL.format(box.path("ran")))
    evil.chmod(0o755)
    box.shell(f"""cd k
git config core.repositoryFormatVersion 1; git config extensions.partialClone origin
git config remote.origin.promisor true; git config remote.origin.url '{address.format(evil=evil, k=box.path("k"))}'
git config core.sshCommand {evil}; git config core.fsmonitor {evil}; git config core.pager {evil}
git config credential.helper '!{evil}'; git config core.askPass {evil}; git config remote.origin.uploadpack {evil}
git config core.alternateRefsCommand {evil}; git config gpg.program {evil}; git config log.showSignature true
git config filter.x.smudge {evil}; git config filter.x.clean {evil}; git config diff.x.textconv {evil}
git config diff.external {evil}; git config core.hooksPath .git/hooks; git config column.ui always
for name in grep cat-file rev-parse rev-list ls-tree tag merge-base; do git config alias.$name '!{evil}'; done
for hook in reference-transaction post-checkout post-index-change fsmonitor-watchman; do cp {evil} .git/hooks/$hook; done
echo '* filter=x diff=x' > .git/info/attributes""")


ADDRESSES = ["ext::{evil}", "ssh://host.invalid/x", "file://{k}", "https://127.0.0.1:1/x", "evil::x", "git://127.0.0.1:1/x"]


@each("git", "a file is missing, promised by {}", ADDRESSES, quick=True)
def _(box, address):
    hostile(box, address)
    box.lose("v1:net/widget.c")
    box.print("git:k@v1").says("lacks", "fetch --refetch")
    box.run("history", "--git", "k", "--tags", "v*", limit=100)
    check(not box.path("ran").exists(), "a program of the clone was run")


@each("git", "{} is missing", [
    "v1:net/round.c", "v1:include/linux/widget.h", "v1:drivers/flat/flat.c", "v1:kernel/sysctl.c", "v1:net", "v1:include",
    "v1:drivers", "v1^{tree}", "v1", "v1:arch/x86/include/asm/types.h"], quick=True)
def _(box, name):
    box.clone()
    box.lose(name)
    box.print("git:k@v1").says("lacks")


@each("git", "{} is damaged", ["v1:net/round.c", "v1:net", "v1^{tree}", "v1:include/linux/widget.h"])
def _(box, name):
    box.clone()
    box.shell(f"cd k && id=$(git rev-parse {name}) && f=.git/objects/${{id:0:2}}/${{id:2}} && chmod +w $f "
              "&& printf '\\377\\377\\377' | dd of=$f bs=1 seek=18 conv=notrunc")
    box.print("git:k@v1").says("k")


@fault("git", "settings, aliases and variables of the user change nothing", quick=True)
def _(box):
    hostile(box, "ext::{evil}")
    box.write("home/.gitconfig", "[column]\n ui = always\n[alias]\n rev-list = !touch ran\n[core]\n pager = touch ran\n")
    elsewhere = {"GIT_DIR": "/nonexistent", "GIT_INDEX_FILE": "/nonexistent", "GIT_OBJECT_DIRECTORY": "/nonexistent",
                 "GIT_PAGER": "touch ran", "GIT_EXTERNAL_DIFF": "touch ran"}
    box.print("git:k@v2", environment=elsewhere).proves()
    run = box.run("history", "--git", "k", "--tags", "v*", "--format", "json", environment=elsewhere)
    check(run.status == 0 and json.loads(run.output)["kernels"] == ["v1", "v2"], f"history: {run}")
    check(not box.path("ran").exists() and not box.path("k/ran").exists(), "a program was run")


@fault("git", "names by SHA-256 are told as such")
def _(box):
    box.shell("git -C k init -q --object-format=sha256 && git -C k add -A && git -C k commit -qm one")
    box.print("git:k@HEAD").says("SHA-256", "worktree add")


@fault("git", "shallow, shared, bare, linked and partial clones that hold the files")
def _(box):
    box.clone()
    box.shell("git clone -q --depth 1 -b v2 file://$PWD/k a; git clone -q -s k b; git clone -q --bare k c; "
              "git -C k worktree add -q ../d v1; git -C k config uploadpack.allowFilter true; "
              "git clone -q --filter=blob:none file://$PWD/k e")
    for kernel in ["git:a@v2", "git:b@v1", "git:c@v1", "git:d@HEAD", "git:e@v2"]:
        box.print(kernel).proves()
    # What a walk rests on is known by its name in the other clones: without the cache it has to be read.
    box.print("git:e@v1", "--no-cache").says("lacks")


@fault("git", "a pack that is cut, an index that is cut")
def _(box):
    box.clone()
    box.shell("cp -r k l; git -C k gc -q --aggressive --prune=now; cp -r k m; chmod -R u+w k m; "
              "truncate -s 200 k/.git/objects/pack/*.pack; truncate -s 200 m/.git/objects/pack/*.idx")
    box.print("git:k@v1").says("git")
    box.print("git:m@v1").says("git")


@each("git", "a few objects that stand for {}", [("a billion files", 9, 10), ("a thousand folders within one another", 1000, 1)])
def _(box, value):
    _, levels, width = value
    box.shell("git -C k init -q -b main && git -C k add -A")
    run = lambda *a, given="": subprocess.run(  # noqa: E731
        ["git", "-C", str(box.path("k")), *a], input=given, capture_output=True, text=True, check=True,
        env=box.environment).stdout.strip()
    id = run("hash-object", "-w", "--stdin", given="int x;\n")
    kind, name = "100644 blob", "f{}.c"
    for _ in range(levels):
        id = run("mktree", given="".join(f"{kind} {id}\t{name.format(n)}\n" for n in range(width)))
        kind, name = "040000 tree", "d{}"
    run("read-tree", "--prefix=net/more/", id) if width == 1 else None
    top = run("write-tree")
    if width > 1:
        net = run("mktree", given=run("ls-tree", top + ":net") + f"\n040000 tree {id}\tmore\n")
        rest = "\n".join(line for line in run("ls-tree", top).splitlines() if not line.endswith("\tnet"))
        top = run("mktree", given=rest + f"\n040000 tree {net}\tnet\n")
    run("tag", "v1", run("commit-tree", top, "-m", "x"))
    box.print("git:k@v1", "--timeout", "90").says("more files, or deeper folders")


@fault("git", "pipes in place of HEAD, packed-refs, an object", quick=True)
def _(box):
    for name in ["HEAD", "packed-refs", "objects/info/alternates", "config"]:
        box.shell(f"rm -rf k/.git && cd k && git init -q -b main && git add -A && git commit -qm one && git tag v1 "
                  f"&& rm -f .git/{name} && mkfifo .git/{name}")
        start = time.monotonic()
        run = box.print("git:k@v1", "--timeout", "3", limit=20)
        check(run.status >= 0 and time.monotonic() - start < 12, f"{name}: {run}")


# Trees.

@each("tree", "a header is included {}", [
    ("by its absolute path", '#include "{out}/secret.h"\n', "mkdir -p out && echo 'int secret;' > out/secret.h"),
    ("by ../..", '#include "../../out/secret.h"\n', "mkdir -p out && echo 'int secret;' > out/secret.h"),
    ("through a linked folder", '#include <linux/more/secret.h>\n',
     "mkdir -p out && echo 'int secret;' > out/secret.h && ln -s ../../../out k/include/linux/more"),
    ("through a link", '#include <linux/secret.h>\n',
     "mkdir -p out && echo 'int secret;' > out/secret.h && ln -s ../../../out/secret.h k/include/linux/secret.h"),
    ("through a link without .h", '#include <linux/secret.inc>\n',
     "mkdir -p out && echo 'int secret;' > out/secret.h && ln -s ../../../out/secret.h k/include/linux/secret.inc"),
    ("from /etc", '#include "/etc/hostname"\n', "true"),
    ("from /proc", '#include "/proc/self/status"\n', "true"),
], quick=True)
def _(box, value):
    _, text, command = value
    box.shell(command)
    box.write("k/net/round.c", text.format(out=box.path("out")) + TREE["net/round.c"])
    run = box.print()
    if run.status == 0:
        box.shell("sleep 0.1; echo '#define room 7' >> out/secret.h")
        raise Wrong("walked; after a change of the header it " + ("is the same" if box.print().output == run.output else
                                                                   "differs"))
    run.says("tree")


@fault("tree", "bytes of a file elsewhere are embedded")
def _(box):
    box.write("k/net/round.c", "const unsigned char secret[] = {\n#embed \"/etc/hostname\"\n};\n" + TREE["net/round.c"])
    run = box.print()
    check(run.status != 0 or "1 of 1 proved" not in run.output or "embed" in run.errors, f"read: {run}")


@fault("tree", "a header of the tree is edited: the kept walk is not used", quick=True)
def _(box):
    box.print().proves()
    header = box.path("k/include/linux/widget.h")
    header.write_text(header.read_text().replace("u32 room;", "unsigned char room;"))
    check("1 of 1 proved" not in box.print().output, "a stale walk was shown")


@each("tree", "{} as a header", [
    ("a pipe", "mkfifo {}"), ("a link to /dev/zero", "ln -s /dev/zero {}"), ("a link to /dev/tty", "ln -s /dev/tty {}"),
    ("a hundred megabytes", "truncate -s 100M {}"), ("a socket", "python3 -c 'import socket; "
     "socket.socket(socket.AF_UNIX).bind(\"{}\")'"),
], quick=True)
def _(box, value):
    box.shell("cd k/include/linux && " + value[1].format("more.h"))
    box.write("k/net/round.c", "#include <linux/more.h>\n" + TREE["net/round.c"])
    run = box.print("k", "--timeout", "20", limit=40)
    check(run.status > 0, f"{run}")
    check(run.seconds < 15, f"took {run.seconds:.0f} s")


@each("tree", "{} as a header whose name says nothing", [("a pipe", "mkfifo {}"), ("/dev/zero", "ln -s /dev/zero {}")])
def _(box, value):
    box.shell("cd k/include/linux && " + value[1].format("more.inc"))
    box.write("k/net/round.c", "#include <linux/more.inc>\n" + TREE["net/round.c"])
    box.print("k", "--timeout", "5", "--memory", "500", limit=20).says()


@fault("tree", "a macro that unfolds without end")
def _(box):
    lines = ["#define A0 int x;"] + [f"#define A{n} " + f"A{n - 1} " * 10 for n in range(1, 10)]
    box.write("k/net/round.c", "\n".join(lines) + "\nstruct bomb { A9 };\n" + TREE["net/round.c"])
    box.print("k", "--timeout", "90", "--memory", "400").says("memory", status=2)


@each("tree", "{} nested very deeply", [
    ("parentheses", lambda n: "int x = " + "(" * n + "1" + ")" * n + ";\n"),
    ("blocks", lambda n: "void deep(void) " + "{" * n + "}" * n + "\n"),
    ("conditions", lambda n: "void deep(int a) { " + "if (a) " * n + "; }\n"),
    ("else branches", lambda n: "void deep(int a) { " + "if (a) ; else " * n + "; }\n"),
    ("minus signs", lambda n: "int x = " + "- " * n + "1;\n"),
    ("sums", lambda n: "int x = 1" + " + 1" * n + ";\n"),
    ("pointers", lambda n: "int " + "*" * n + "x;\n"),
    ("structs", lambda n: "struct a { " * n + "int x; " + "} a; " * n + "\n"),
    ("initializers", lambda n: "int x" + "[1]" * n + " = " + "{" * n + "1" + "}" * n + ";\n"),
    ("choices", lambda n: "int x = " + "1 ? 1 : " * n + "1;\n"),
    ("commas", lambda n: "void deep(int a) { a" + ", a" * n + "; }\n"),
    ("directives", lambda n: "#if 1\n" * n + "#endif\n" * n),
])
def _(box, value):
    box.write("k/net/round.c", value[1](60_000) + TREE["net/round.c"])
    run = box.print("k", "--timeout", "60")
    if run.status == 0:
        run.proves()
        return "walked"
    run.says("within 60 s" if "within" in run.errors else "nested too deeply")
    return run.errors.strip()[8:90]


@fault("tree", "the walked function itself is nested very deeply")
def _(box):
    n = 60_000
    text = TREE["net/round.c"].replace("w->room = room;", "w->room = " + "- " * 2 * n + "room;")
    box.write("k/net/round.c", text)
    run = box.print("k", "--timeout", "60")
    run.says("nested too deeply") if run.status else None


@fault("tree", "includes that include themselves")
def _(box):
    box.write("k/include/linux/a.h", "#include <linux/b.h>\n")
    box.write("k/include/linux/b.h", "#include <linux/a.h>\n#include <linux/a.h>\n")
    box.write("k/net/round.c", "#include <linux/a.h>\n" + TREE["net/round.c"])
    run = box.print("k", "--timeout", "60")
    run.says("nested too deeply")


# Snippet sets.

@each("set", "{}", [
    ("a changed file", "echo >> $S/net/round.c"), ("a missing file", "rm $S/include/linux/widget.h"),
    ("a file that nobody fetched", "mkdir -p $S/include/asm && echo > $S/include/asm/types.h"),
    ("a folder that is a link", "mv $S/include out && ln -s ../../out $S/include"),
    ("a cut PROVENANCE.json", "truncate -s 300 $S/PROVENANCE.json"),
], quick=True)
def _(box, value):
    added = box.run("kernels", "add", "k", "--name", "mine", "--annotations", "Annotations")
    check(added.status == 0, f"can't be added: {added}")
    box.print("mine").proves()
    box.shell("S=kernel-snippets/mine; sleep 0.05; " + value[1])
    box.print("mine").says("kernel-snippets/mine")


# Archives.

def archive(box, name="k.tar.gz"):
    box.shell(f"tar -caf {name} k")
    return box.path(name)


@each("archive", "a bit is flipped {}", [
    ("in the checksum of gzip", "gz", -8), ("in the length of gzip", "gz", -3), ("in the middle of gzip", "gz", 0.5),
    ("in the middle of xz", "xz", 0.5), ("at the end of xz", "xz", -20), ("in the middle of bzip2", "bz2", 0.5),
], quick=True)
def _(box, value):
    _, kind, place = value
    file = archive(box, "k.tar." + kind)
    data = bytearray(file.read_bytes())
    data[int(len(data) * place) if isinstance(place, float) else place] ^= 0x10
    file.write_bytes(data)
    box.print(file.name).says(file.name)
    box.run("kernels", "add", file.name, "--name", "bad").says(file.name)
    check(not box.path("kernel-snippets/bad").exists(), "kept")


@each("archive", "a tar that ends between two members, {}", ["tar", "tar.gz", "tar.xz", "tar.zst"], quick=True)
def _(box, kind):
    data = archive(box, "whole.tar").read_bytes().rstrip(b"\0")
    box.write("k.tar", data + b"\0" * (-len(data) % 512))
    programs = {"tar.gz": "gzip k.tar", "tar.xz": "xz k.tar", "tar.zst": "zstd -q --rm k.tar"}
    if kind in programs:
        box.shell(programs[kind])
    box.print("k." + kind).says("truncated")


@each("archive", "cut at {} %", [10, 50, 90, 99])
def _(box, part):
    file = archive(box, "k.tar.xz")
    file.write_bytes(file.read_bytes()[:file.stat().st_size * part // 100])
    box.print("k.tar.xz").says("k.tar.xz")


@each("archive", "apt:linux-source@{}", ["../../tmp/y", "", "..", "/etc", "a//b", "-x", "x y"], quick=True)
def _(box, suite):
    box.run("kernels", "add", "apt:linux-source@" + suite).says("suite", status=64)
    check(not box.path("cache/walker/apt").exists(), "something was written")


# Downloads: a server here, with a certificate that nobody knows.

class Server:
    def __init__(self, box):
        box.shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
                  "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null")
        self.answers, self.asked = {}, []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append((self.command, self.path))
                status, kind, body, tag = server.answers.get(self.path, (404, "text/plain", b"no", None))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if tag:
                    self.send_header("ETag", tag)
                self.end_headers()
                if self.command == "GET":
                    if body == b"STALL":
                        time.sleep(30)
                    self.wfile.write(body)
            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(box.path("cert.pem"), box.path("key.pem"))
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.base = f"https://localhost:{self.http.server_address[1]}"
        self.trust = {"CURL_CA_BUNDLE": str(box.path("cert.pem"))}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()


@fault("download", "a certificate that nobody knows", quick=True)
def _(box):
    with Server(box) as server:
        box.print(server.base + "/k.tar.gz").says("certificate")


@fault("download", "a login page with status 200", quick=True)
def _(box):
    with Server(box) as server:
        server.answers["/k.tar.gz"] = (200, "text/html", b"<!DOCTYPE html><title>Log in</title>", '"a"')
        box.print(server.base + "/k.tar.gz", environment=server.trust).says("web page")
        kept = [p for p in box.path("cache").rglob("*") if p.is_file() and b"Log in" in p.read_bytes()]
        check(not kept, f"kept as {kept}")


@fault("download", "another file at the same address, with and without a new time")
def _(box):
    with Server(box) as server:
        data = archive(box).read_bytes()
        server.answers["/k.tar.gz"] = (200, "application/gzip", data, '"one"')
        box.print(server.base + "/k.tar.gz", environment=server.trust).proves()
        server.asked.clear()
        box.print(server.base + "/k.tar.gz", environment=server.trust).proves()
        check(("GET", "/k.tar.gz") not in server.asked, "fetched again though it is the same")
        box.write("k/net/widget.c", TREE["net/widget.c"].replace("room = widget_cap", "room = widget_cap + 1"))
        server.answers["/k.tar.gz"] = (200, "application/gzip", archive(box).read_bytes(), '"two"')
        run = box.print(server.base + "/k.tar.gz", environment=server.trust)
        check("1 of 1 proved" not in run.output, "the old file was walked")
        for kept in box.path("cache/walker/downloads").rglob("k.tar.gz"):
            kept.write_bytes(kept.read_bytes() + bytes(64))
        server.asked.clear()
        box.print(server.base + "/k.tar.gz", environment=server.trust)
        check(("GET", "/k.tar.gz") in server.asked, "a kept file that was changed is not fetched again")
        server.answers["/k.tar.gz"] = (410, "text/plain", b"gone", None)
        box.print(server.base + "/k.tar.gz", environment=server.trust).says("k.tar.gz")


# Processes.

def hanging(box):
    """A walk whose worker waits for a pipe."""
    box.shell("mkfifo k/include/linux/more.inc")
    box.write("k/net/round.c", "#include <linux/more.inc>\n" + TREE["net/round.c"])


SIGNALS = [("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP), ("SIGINT", signal.SIGINT), ("SIGKILL", signal.SIGKILL)]


def ends_with_walker(box, number, *arguments, environment={}, name="walker-engine"):
    process = box.start(*arguments, environment=environment)

    def children():
        found = []
        for child in box.below(process.pid):
            try:
                command = open(f"/proc/{child}/cmdline", "rb").read()
            except OSError:
                continue
            if name.encode() in command:
                found.append(child)
        return found
    found = until(children)
    check(found, f"{name} was not started: {process.poll()}")
    time.sleep(0.3)
    everything = box.below(process.pid)
    os.kill(process.pid, number)
    process.communicate(timeout=20)
    left = until(lambda: not any(map(is_alive, everything)), 5)
    check(left, f"goes on: {[p for p in everything if is_alive(p)]}")


@each("process", "{} to walker alone while it prints", SIGNALS, quick=True)
def _(box, value):
    hanging(box)
    ends_with_walker(box, value[1], "print", "--kernel", "k")


@each("process", "kill -9 of walker in {}", [
    ("add", ["kernels", "add", "k", "--name", "x"]), ("export", ["export", "--kernel", "k", "--format", "html", "-o", "o.html"]),
    ("check", ["check", "--against", "k"]), ("eval", ["eval", "--set", "room=1", "--kernel", "k"]),
])
def _(box, value):
    if value[0] == "check":
        box.run("accept", "widget-room", "--kernel", "k", "--all", "--prose-still-true").says(status=0)
        box.shell("rm -rf cache")
    hanging(box)
    ends_with_walker(box, signal.SIGKILL, *value[1])
    check(not list(box.folder.glob("o.html*")), "left a part of the export")


@each("process", "{} to walker while curl waits", SIGNALS)
def _(box, value):
    with Server(box) as server:
        server.answers["/k.tar.gz"] = (200, "application/gzip", b"STALL", '"a"')
        ends_with_walker(box, value[1], "print", "--kernel", server.base + "/k.tar.gz", environment=server.trust, name="curl")


@each("process", "{} to walker while an emulator runs", SIGNALS)
def _(box, value):
    probes = """probes:
  input: listen
  sweep:
    room: [0, 1, 5]
  results:
    room-limit: {read: "tcp-info:tcpi_sacked"}
---
Widgets."""
    box.write("Annotations/widget-room/walkthrough.md", WALKTHROUGH.replace("---\nWidgets.", probes))
    box.write("qemu", "#!/bin/sh\nsleep 300\n").chmod(0o755)
    box.write("image", "no image")
    ends_with_walker(box, value[1], "verify", "--boot", "k", "--image", "image", "--qemu", box.path("qemu"), name="qemu")


@fault("process", "what killed runs left is removed by the next one", quick=True)
def _(box):
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f"cache/walker/index/a.json.{gone.pid}.partial", f"cache/walker/packages/.partial-a.deb-{gone.pid}-1/x",
             f"cache/walker/walks/k/a.walk.{gone.pid}.partial", f"kernel-snippets/.partial-k-{gone.pid}-1/x"]
    mine = f"cache/walker/packages/.partial-a.deb-{os.getpid()}-1/x"
    for name in names + [mine]:
        box.write(name, "half")
    box.print().proves()
    left = [n for n in names if box.path(n).exists()]
    check(not left, f"left: {left}")
    check(box.path(mine).exists(), "removed what a running process holds")


# Bounds.

@fault("bounds", "--timeout bounds what is not a walk", quick=True)
def _(box):
    box.write("Annotations/widget-room/walkthrough.md", WALKTHROUGH + "\n" + "> " * 8000 + "deep\n")
    run = box.print("k", "--timeout", "30", limit=60)
    check(run.status == 0 and run.seconds < 20, f"{run}")


@fault("bounds", "a worker that never ends, with --timeout", quick=True)
def _(box):
    hanging(box)
    run = box.print("k", "--timeout", "2", limit=30).says("within 2 s", "--timeout", status=2)
    check(run.seconds < 8, f"took {run.seconds:.0f} s")


@each("bounds", "ulimit {}", ["-n 16", "-n 40", "-v 300000", "-v 1000000", "-s 256", "-f 1", "-u 1000000"], quick=True)
def _(box, limit):
    run = box.print("k", "--timeout", "60", before=f"ulimit {limit};")
    check(run.status in (0, 1, 2), f"{run}")
    if run.status:
        run.says("ulimit" if limit[:2] in ("-n", "-v") else "")


@each("bounds", "{} as --config", [("a pipe", "mkfifo c"), ("/dev/zero", "ln -s /dev/zero c"), ("a folder", "mkdir c"),
                                    ("a large file", "truncate -s 1G c")], quick=True)
def _(box, value):
    box.shell(value[1])
    run = box.print("k", "--config", "c", "--timeout", "20", limit=40).says("--config")
    check(run.seconds < 10, f"took {run.seconds:.0f} s")


@each("bounds", "{} as walkthrough.md", [("a pipe", "mkfifo"), ("/dev/zero", "ln -s /dev/zero")], quick=True)
def _(box, value):
    box.shell(f"cd Annotations/widget-room && rm walkthrough.md && {value[1]} walkthrough.md")
    box.run("print", "widget-room", "--kernel", "k", limit=20).says("walkthrough")


@fault("bounds", "COLUMNS=10000000000", quick=True)
def _(box):
    for columns in ["10000000000", "-5", "0", "x"]:
        run = box.print("k", environment={"COLUMNS": columns}).proves()
        check(len(run.output) < 1 << 20, f"{len(run.output)} bytes")


# Output.

BAD = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u2066\u200f"


def is_clean(text):
    found = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text.replace("\r\n", "\n"))
    return found is None


@each("output", "{} in a title and in prose", ["print", "export html", "export markdown", "export mermaid", "export dot",
                                              "export svg", "export codetour", "export json", "print --format json"], quick=True)
def _(box, command):
    text = WALKTHROUGH.replace("title: How", "title: \"" + BAD.replace("\x1b", "\\x1b").replace("\x07", "\\a").replace(
        "\x9b", "\\x9b").replace("\u202e", "\\u202e").replace("\u2066", "\\u2066").replace("\u200f", "\\u200f") + " How")
    text = text.replace("finds room\n", "finds room\"\n", 1).replace("It is kept.", f"It is {BAD} kept.")
    box.write("Annotations/widget-room/walkthrough.md", text)
    words = command.split()
    arguments = [words[0], "--kernel", "k"] + (["--format", words[1]] if words[0] == "export" else words[1:])
    run = box.run(*arguments)
    check(run.status == 0, f"{run}")
    check(is_clean(run.output) and is_clean(run.errors), f"steers a terminal: {run.output[:80]!r}")


@fault("output", "the same, in colours", quick=True)
def _(box):
    box.write("k/net/round.c", TREE["net/round.c"].replace("w->room = room;", f"w->room = room; /* {BAD} \x1b[31m */"))
    run = box.print("k", "--color", "always")
    check(is_clean(re.sub(r"\x1b\[[0-9;]*m", "", run.output)) and "\x1b[31m */" not in run.output, "steers a terminal")


@fault("output", "names of folders, members and kernels", quick=True)
def _(box):
    name = "k\x1b[2J\u202e"
    box.shell(f"cp -r k '{name}'; tar -cf 'a\x1b[2J.tar' Annotations")
    for arguments in (["--kernel", name], ["--kernel", "a\x1b[2J.tar"], ["--kernel", "no\x1b[2Jne"], ["--config", "\x1b[2J"]):
        run = box.run("print", *arguments)
        check(is_clean(run.errors) and is_clean(run.output), f"{run}")


@fault("output", "links to scripts in a Markdown export", quick=True)
def _(box):
    box.write("Annotations/widget-room/walkthrough.md", WALKTHROUGH.replace(
        "It is kept.", "It [is](javascript:alert(1)) ![kept](data:text/html,x) [here](JaVa&#115;cript:x)."))
    for form in ["markdown", "html"]:
        run = box.run("export", "--kernel", "k", "--format", form)
        found = re.search(r"(?i)\]\(<?(java|data)[^)]*|href=.(java|data:[^,])[^>]*", run.output)
        check(run.status == 0 and not found, f"{run} {found}")


@fault("output", "cells that a spreadsheet would compute", quick=True)
def _(box):
    box.shell("mv k '=cmd()'")
    run = box.run("eval", "--set", "room=-5", "--kernel", "=cmd()", "--format", "csv")
    check("'=cmd()" in run.output and "\n=cmd" not in run.output, f"{run} {run.output}")


# Words.

@fault("words", "a lock with the line ends of Windows", quick=True)
def _(box):
    box.run("accept", "widget-room", "--kernel", "k", "--all", "--prose-still-true").says(status=0)
    lock = box.path("Annotations/widget-room/walkthrough.lock")
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    box.run("check", "--against", "k").says("Windows", status=2)


@fault("words", "a claim that is refuted: print ends with 1", quick=True)
def _(box):
    box.write("k/net/widget.c", TREE["net/widget.c"].replace("room = widget_cap;", "room = widget_cap + 1;"))
    run = box.print()
    check(run.status == 1 and "0 of 1 proved" in run.output, f"{run}")


@fault("words", "what is kept in the cache is damaged")
def _(box):
    before = box.print().proves().output
    for path in sorted(box.path("cache").rglob("*")):
        if path.is_file() and path.stat().st_size and path.suffix in (".walk", ".basis", ".place", ".prints"):
            data = bytearray(path.read_bytes())
            place = int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % len(data)
            data[place] ^= 1
            path.write_bytes(data)
            check(box.print().output == before, f"another answer after a bit of {path.suffix} was flipped")
