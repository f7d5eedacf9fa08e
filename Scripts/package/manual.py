#!/usr/bin/env python3
"""Writes man pages, one for walker and one for each command, from what the command says of itself.

    walker --experimental-dump-help | manual.py VERSION DAY FOLDER
"""
import json
import os
import sys


def escaped(text: str) -> str:
    """Text as roff takes it for text: no line of it is a request, and its quotes and dashes are what they are."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join("\\&" + line if line.startswith(".") else line for line in lines)


def named(argument: dict) -> str:
    """`-o, --output <file>`, or `[walkthrough ...]`."""
    value = argument.get("valueName", "")
    if argument["kind"] == "positional":
        return f"<{value}>"
    names = [("--" if name["kind"] == "long" else "-") + name["name"] for name in argument.get("names", [])]
    # The short name first, as everybody has it.
    text = ", ".join(sorted(names, key=len))
    return text + (f" <{value}>" if argument["kind"] == "option" else "")


def synopsis(argument: dict) -> str:
    text = named(argument).split(", ")[-1]
    if argument.get("isRepeating"):
        text += " ..."
    return f"[{text}]" if argument.get("isOptional") or argument["kind"] == "flag" else text


def shown(items: list) -> list:
    return [item for item in items if item.get("shouldDisplay", True)]


def page(command: dict, path: list, version: str, day: str) -> str:
    title = "-".join(path)
    arguments = shown(command.get("arguments", []))
    commands = [sub for sub in shown(command.get("subcommands", [])) if sub["commandName"] != "help"]
    lines = [f'.TH "{title.upper()}" "1" "{day}" "walker {version}" "User Commands"', ".SH NAME"]
    lines.append(escaped(title) + " \\- " + escaped(command.get("abstract", "").rstrip(".")))
    words = [synopsis(argument) for argument in arguments if argument.get("valueName") or argument["kind"] == "flag"]
    lines += [".SH SYNOPSIS", ".B " + escaped(" ".join(path)), escaped(" ".join(words + (["<command>"] if commands else [])))]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", escaped(command["discussion"])]
    if commands:
        lines.append(".SH COMMANDS")
        for sub in commands:
            lines += [".TP", ".B " + escaped(sub["commandName"]), escaped(sub.get("abstract", ""))]
    if arguments:
        lines.append(".SH OPTIONS")
        for argument in arguments:
            lines += [".TP", ".B " + escaped(named(argument))]
            texts = [argument.get("abstract", ""), argument.get("discussion", "")]
            if argument.get("defaultValue"):
                texts.append(f"Default: {argument['defaultValue']}.")
            lines.append(escaped("\n".join(text for text in texts if text)) or "\\&")
    if len(path) > 1:
        lines += [".SH SEE ALSO", f".BR {escaped('-'.join(path[:-1]))} (1)"]
    elif commands:
        pages = [f".BR {escaped(title + '-' + sub['commandName'])} (1)" for sub in commands]
        lines += [".SH SEE ALSO", ",\n".join(pages)]
    return "\n".join(lines) + "\n"


def write(command: dict, path: list, version: str, day: str, folder: str) -> None:
    with open(os.path.join(folder, "-".join(path) + ".1"), "w", encoding="utf-8") as file:
        file.write(page(command, path, version, day))
    for sub in shown(command.get("subcommands", [])):
        if sub["commandName"] != "help":
            write(sub, path + [sub["commandName"]], version, day, folder)


def main() -> None:
    version, day, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    write(json.load(sys.stdin)["command"], ["walker"], version, day, folder)


main()
