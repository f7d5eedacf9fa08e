#!/usr/bin/env python3
"""Judges walker's walk of listen(2) in kernel trees that it has never seen, by two independent looks.

    trees.py WALKER TREE...

The chain, its lines, the ops table and the rejected candidates are compared with a text search over the tree. The results
are compared with the closed forms that are known of each behaviour, on edges and random numbers; which behaviour a tree
has is read from its text, never from its version. A line a tree; exit status 1 where something differs.
"""

import json
import pathlib
import re
import subprocess
import sys
import time

import differential

STEPS = ["inet_listen", "__inet_listen_sk", "inet_csk_listen_start", "reqsk_queue_alloc"]
ROWS = 4000
CODE = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def code(path):
    """A file's text without comments and strings, the lines kept."""
    if not path.is_file():
        return ""
    blank = CODE.sub(lambda found: re.sub(rb"[^\n]", b" ", found.group()), path.read_bytes())
    return blank.decode("latin-1")


def definition(text, name):
    """The line where a function is defined, and its body; None without one."""
    for found in re.finditer(rf"^(?![#\s])[^;{{}}=]*?\b({name})\s*\(", text, re.MULTILINE):
        depth, place = 1, found.end()
        while place < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            place += 1
        opening = re.match(r"[^;{=]*\{", text[place:])
        if opening:
            start, depth = place + opening.end(), 1
            end = start
            while end < len(text) and depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            return text.count("\n", 0, found.start(1)) + 1, text[found.start():end]
    return None


def listeners(tree):
    """Every file-scope ops table with a listen function that the tree's text shows: {(table, file): function}."""
    command = ["grep", "-rlE", "--include=*.c", r"\blisten\s*(=|:)", str(tree)]
    files = subprocess.run(command, capture_output=True, text=True).stdout.split("\n")
    found = {}
    for path in map(pathlib.Path, filter(None, files)):
        name = path.relative_to(tree).as_posix()
        if name.split("/")[0] in ("tools", "samples", "Documentation", "scripts", "usr"):
            continue
        text = code(path)
        for table in re.finditer(r"^[^\n;(){}]*\bstruct\s+proto_ops\s+(?:__\w+\s+)*(\w+)(?:\s+\w+)*\s*=\s*\{(.*?)^\s*\}\s*;",
                                 text, re.MULTILINE | re.DOTALL):
            slot = re.search(r"(?:\.\s*listen\s*=|\blisten\s*:)\s*(\w+)", table.group(2))
            if slot:
                found[table.group(1), name] = slot.group(1)
    return found


def behaviour(tree):
    """What the text says of the five behaviours."""
    sock = code(tree / "include/net/sock.h")
    field = re.search(r"([\w ]+?)\s+sk_max_ack_backlog\s*;", sock)
    # Two counters declared in one go have one type.
    field = field or re.search(r"([\w ]+?)\s+\w+\s*,\s*sk_max_ack_backlog\s*;", sock)
    if not field:
        raise ValueError("sk_max_ack_backlog is not declared in include/net/sock.h")
    narrow = field.group(1).split()[-1] in ("short", "u16", "__u16")
    places = [tree / "net/core/request_sock.c", tree / "net/ipv4/inet_connection_sock.c"]
    allocation = next(filter(None, (definition(code(path), "reqsk_queue_alloc") for path in places)))[1]
    sized = "," in allocation[:allocation.index(")")]
    full = definition(code(tree / "include/net/inet_connection_sock.h"), "inet_csk_reqsk_queue_is_full")[1]
    text = code(tree / "net/ipv4/af_inet.c") + code(tree / "include/linux/tcp.h")
    fast = "fastopen_queue_tune" in text or "fastopen_init_queue" in text
    tune = fast and (definition(code(tree / "include/linux/tcp.h"), "fastopen_queue_tune") or [0, ""])[1]
    return {"narrow": narrow, "sized": sized, "at": ">=" in full, "fast": bool(fast),
            "capped": bool(tune) and "somaxconn" in tune}


def closed(kind, backlog, somaxconn, m):
    """The closed forms: what is stored, what the accept queue holds, the SYN queue's full length.

    What a table's length comes to that does not fit in its 32 bits they do not say: it is left out.
    """
    wrap = 2**32
    limit = min(backlog % wrap, somaxconn % wrap)
    stored = limit % 65536 if kind["narrow"] else limit
    largest = 65535 if kind["narrow"] else wrap - 1
    holds = None if stored == largest else stored + 1
    if kind["sized"]:
        entries = max(min(limit, m % wrap), 8)
        full = 2**entries.bit_length()
    else:
        full = stored if kind["at"] else None if stored == wrap - 1 else stored + 1
    forms = {"accept-queue-limit": stored, "accept-queue-capacity": holds}
    return forms if full == wrap else {**forms, "syn-queue-limit": full}


def judge(walker, tree):
    """(What is wrong, in words; what was compared.)"""
    wrong = []
    began = time.time()
    run = subprocess.run([walker, "print", "listen-backlog", "--kernel", str(tree), "--format", "json", "--no-source",
                          "--timeout", "600"], capture_output=True, text=True)
    seconds = time.time() - began
    try:
        walk = json.loads(run.stdout)
    except json.JSONDecodeError:
        return [f"no walk: {run.stderr.strip()[:300]}"], "", seconds
    frames = walk["frames"]

    socket = code(tree / "net/socket.c")
    expected = []
    entry = re.search(r"^SYSCALL_DEFINE2\s*\(\s*listen\b", socket, re.MULTILINE)
    if entry:
        expected.append((None, "net/socket.c", socket.count("\n", 0, entry.start()) + 1))
    for name, file in [("sys_listen", "net/socket.c"), ("__sys_listen", "net/socket.c"),
                       ("__sys_listen_socket", "net/socket.c")]:
        found = definition(socket, name)
        if found and not (name == "sys_listen" and entry):
            expected.append((name, file, found[0]))
    for name in STEPS:
        for file in ["net/ipv4/af_inet.c", "net/ipv4/inet_connection_sock.c", "net/core/request_sock.c"]:
            found = definition(code(tree / file), name)
            if found:
                expected.append((name, file, found[0]))
                break
    said = [(frame["function"], frame["file"], frame["line"]) for frame in frames]
    if len(said) != len(expected) or any(
            (name and name != mine[0]) or (file, line) != mine[1:] for (name, file, line), mine in zip(expected, said)):
        wrong.append(f"frames {said}, the text has {expected}")

    indirect = [frame["reachedBy"] for frame in frames if frame["reachedBy"]["kind"] == "indirect"]
    tables = listeners(tree)
    if len(indirect) != 1 or indirect[0]["table"] != "inet_stream_ops":
        wrong.append(f"indirect calls {indirect}")
    else:
        rejected = {(each["table"], each["file"]): each["function"] for each in indirect[0]["rejected"]}
        chosen = (indirect[0]["table"], indirect[0]["tableFile"])
        missing = {key: name for key, name in tables.items() if key != chosen and key not in rejected}
        other = {key: name for key, name in tables.items() if key in rejected and rejected[key] != name}
        if chosen not in tables or missing or other:
            wrong.append(f"rejected candidates: missing {missing}, other {other}")
        if any(not each["why"] for each in indirect[0]["rejected"]):
            wrong.append("a candidate is rejected without a reason")

    results = {result["id"]: result for result in walk["results"]}
    kind = behaviour(tree)
    for name, result in results.items():
        wanted = "absent" if name == "fastopen-queue-limit" and not kind["fast"] else "proved"
        if result["proof"] != wanted:
            wrong.append(f"{name} is {result['proof']}: {result['formula'][:160]}")
    inputs = differential.rows(ROWS)
    numbers, _ = differential.derived(walker, tree, inputs)
    compared = 0
    for row, said in zip(inputs, numbers, strict=True):
        for name, truth in closed(kind, *row[:3]).items():
            text = said.get(name, "no such result")
            if text in ("outside", "undefined"):
                continue
            compared += 1
            if text != ("never" if truth is None else str(truth)):
                wrong.append(f"{name} for {row}: {text}, the closed form says {truth}")
    lost = [f["summary"] for f in walk["findings"] if f["severity"] == "error"]
    if lost or walk["coverage"]["unbound"]:
        wrong.append(f"findings {lost}, {walk['coverage']['unbound']} annotations unbound")
    shown = f"{len(frames)} frames, {len(tables)} tables, {compared} numbers, {kind}"
    return wrong, shown, seconds


def main():
    walker, *trees = sys.argv[1:]
    failed = not trees
    for tree in map(pathlib.Path, trees):
        try:
            wrong, shown, seconds = judge(walker, tree.resolve())
        except (ValueError, StopIteration, TypeError, differential.compiled.BridgeError) as error:
            wrong, shown, seconds = [f"not judged: {error!r}"], "", 0
        print(f"{tree.name}: {'WRONG' if wrong else 'right'}, {shown}, {seconds:.1f} s", flush=True)
        for each in wrong[:6]:
            print(f"  {each}"[:700], flush=True)
        failed = failed or bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
