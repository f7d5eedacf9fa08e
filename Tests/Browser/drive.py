#!/usr/bin/env python3
"""Drives exported pages in a headless Chromium, and says of each check `ok NAME` or `FAIL NAME: WHY`.

    drive.py JOB.json

The job names the page, the page of a hostile walk, programs with what they come to, and inputs with what
`walker eval` makes of them. Exit status: 0 when every check is ok.
"""
import importlib.util
import json
import sys
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

AXE = Path(importlib.util.find_spec("axe_playwright_python").origin).parent / "axe.min.js"


class Browser:
    def __init__(self, chromium, driver):
        options = Options()
        options.binary_location = chromium
        for argument in [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--window-size=1440,1000", "--no-first-run", "--disable-background-networking",
        ]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.driver.set_script_timeout(120)
        self.resize(1440, 1000)

    def resize(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def colours(self, scheme):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, page, fragment=""):
        # From an empty page, so that a fragment alone loads it anew.
        self.driver.get("about:blank")
        self.driver.get(Path(page).resolve().as_uri() + fragment)
        self.settle()

    def settle(self):
        """Until the curves are drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 150));")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return urls

    def violations(self):
        self.run(AXE.read_text())
        result = self.driver.execute_async_script(
            "const done = arguments[0];"
            "axe.run(document, {resultTypes: ['violations']}).then((result) => done(result.violations),"
            " (error) => done([{impact: 'serious', id: `${error}`, nodes: []}]));")
        return [
            f"{violation['id']} ({len(violation['nodes'])}: {violation['nodes'][0]['html'][:120] if violation['nodes'] else ''})"
            for violation in result if violation["impact"] in ("serious", "critical")
        ]


def set_input(browser, label, value):
    return browser.run(
        "const input = data.inputs.findIndex((one) => one.label === arguments[0]);"
        "if (input < 0) return false;"
        "const field = document.getElementById(`number-${input}`);"
        "field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', {bubbles: true}));"
        "return true;", label, value)


def shown(browser):
    return browser.run(
        "return Object.fromEntries(data.results.map((result, index) =>"
        " [result.id, (([text, note]) => note && /^-?[0-9]/.test(text) ? `${text}, ${note}` : text)("
        "  (({textContent, dataset}) => [textContent, dataset.note])(document.querySelector(`.big[data-result=\"${index}\"]`)))]));")


def switch(browser, kernel):
    browser.driver.find_element(By.CSS_SELECTOR, f'input[name="kernel"][value="{kernel}"]').click()


# Checks. Each returns None, or why not.

def loads_quietly(browser, job):
    browser.complaints()
    browser.open(job["page"])
    complaints = browser.complaints()
    curves = browser.run("return document.querySelectorAll('.chart path.curve').length")
    if complaints:
        return "; ".join(complaints)
    return None if curves > 0 else "no curve was drawn"


def asks_nothing_of_the_network(browser, job):
    browser.requests()
    browser.open(job["page"])
    for kernel in range(len(job["kernels"])):
        switch(browser, kernel)
    outside = [url for url in browser.requests() if not url.startswith(("file:", "data:", "about:"))]
    return "; ".join(outside) or None


def computes_as_c_does(browser, job):
    browser.open(job["page"])
    wrong = browser.run(
        "return arguments[0].filter((one) => {"
        "  const value = new Program(one.nodes).evaluate(one.root, one.inputs.map((input) => BigInt(input)));"
        "  one.got = value instanceof NoValue ? null : `${value}`;"
        "  return one.got !== one.expected;"
        "}).map((one) => `${one.text}: ${one.got}, not ${one.expected}`);", job["programs"])
    if len(job["programs"]) < 500:
        return f"only {len(job['programs'])} programs"
    return f"{len(wrong)} differ: {wrong[0]}" if wrong else None


def searches_thresholds_as_walker_does(browser, job):
    wrong = browser.run(
        "return arguments[0].filter((one) => {"
        "  const value = new Program(one.nodes).first(one.root, one.counter, one.inputs.map((input) => BigInt(input)));"
        "  one.got = value === null ? 'never' : value instanceof NoValue ? null : `${value}`;"
        # Where walker gives up the page may find one; then it is one for which the test is true.
        "  if (one.expected === null && typeof value === 'bigint') {"
        "    const inputs = one.inputs.map((input) => BigInt(input));"
        "    inputs[one.counter.input] = value;"
        "    return new Program(one.nodes).evaluate(one.root, inputs) !== 1n;"
        "  }"
        "  return one.got !== one.expected;"
        "}).map((one) => `${one.text}: ${one.got}, not ${one.expected}`);", job["searches"])
    if len(job["searches"]) < 100:
        return f"only {len(job['searches'])} searches"
    return f"{len(wrong)} differ: {wrong[0]}" if wrong else None


def says_what_eval_says(browser, job):
    browser.open(job["page"])
    wrong = []
    for case in job["cases"]:
        switch(browser, case["kernel"])
        browser.run("document.querySelectorAll('[data-reset]').forEach((button) => button.click())")
        for name, value in case["inputs"].items():
            if not set_input(browser, name, value):
                return f"there is no input {name}"
        got = shown(browser)
        for result, expected in case["results"].items():
            is_number = got[result].lstrip("-").isdigit()
            if got[result] != expected if expected is not None else is_number:
                wrong.append(f"kernel {case['kernel']}, {case['inputs']}: {result} is {got[result]}, eval says {expected}")
    if len(job["cases"]) < 50:
        return f"only {len(job['cases'])} cases"
    return f"{len(wrong)} differ: {wrong[0]}" if wrong else None


def moves_with_the_slider(browser, job):
    browser.open(job["page"])
    label = browser.run("return data.inputs[0].label")
    set_input(browser, label, "65536")
    before = shown(browser)
    slider = browser.driver.find_element(By.CSS_SELECTOR, '.slider[data-input="0"]')
    slider.send_keys(Keys.ARROW_LEFT * 40)
    field = browser.driver.find_element(By.ID, "number-0").get_attribute("value")
    after = shown(browser)
    if after == before:
        return "the results did not move"
    set_input(browser, label, field)
    return None if shown(browser) == after else f"the slider's {field} is not the field's"


def takes_what_is_typed(browser, job):
    browser.open(job["page"])
    field = browser.driver.find_element(By.ID, "number-0")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("0x10")
    if browser.run("return `${state.values[0]}`") != "16":
        return "0x10 is not 16"
    field.send_keys("zz")
    if field.get_attribute("aria-invalid") != "true":
        return "nonsense is not marked"
    browser.run("show(document.activeElement)")
    if field.get_attribute("aria-invalid") != "true":
        return "nonsense loses its mark when the page is drawn again"
    return None if browser.run("return `${state.values[0]}`") == "16" else "nonsense changed the number"


def switches_kernels(browser, job):
    browser.open(job["page"])
    for kernel in reversed(range(len(job["kernels"]))):
        switch(browser, kernel)
        visible = browser.run(
            "return [...document.querySelectorAll('.kernel')].filter((one) => one.offsetParent).map((one) => one.id)")
        if visible != [job["slugs"][kernel]]:
            return f"{visible} is shown, not {job['slugs'][kernel]}"
    if len(job["kernels"]) > 1:
        pair = browser.run("return document.querySelector('.difference:not([hidden])')?.dataset.pair")
        if pair != "0-1":
            return f"the difference shown is {pair}"
        if not browser.run("return document.getElementById('switched').textContent.startsWith('From Linux')"):
            return "the switch is not told"
    return None


def leads_to_annotations(browser, job):
    notes = browser.run("return [...document.querySelectorAll('.note')].map((note) => note.id)")
    wanted = {}
    for note in notes:
        wanted.setdefault(note.split("/")[0], []).append(note)
    # In each kernel the first, the last, and one between; by its whole name, or by its own alone.
    links = [(one, one) for mine in wanted.values() for one in (mine[0], mine[len(mine) // 2], mine[-1])]
    for fragment, wanted in [(notes[0].split("/")[1], notes[0])] + links:
        browser.open(job["page"], "#" + fragment)
        top, bar, room, is_shown = browser.driver.execute_async_script(
            "const done = arguments[1];"
            "setTimeout(() => { const note = document.getElementById(arguments[0]);"
            "  const left = document.documentElement.scrollHeight - innerHeight - scrollY;"
            "  done([note.getBoundingClientRect().top, document.querySelector('.bar').getBoundingClientRect().bottom, left,"
            "    note.offsetParent !== null]); }, 400);", wanted)
        # At the page's end there is nothing left to scroll.
        if not is_shown or (abs(top - bar - 16) > 8 and room > 1):
            return f"#{fragment} is at {top}, the bar ends at {bar}"
    return None


def keeps_its_state_in_the_address(browser, job):
    browser.open(job["page"])
    label = browser.run("return data.inputs[0].label")
    switch(browser, len(job["kernels"]) - 1)
    set_input(browser, label, "77")
    note = browser.run("return [...document.querySelectorAll('.note')].find((one) => one.offsetParent).id")
    browser.run("goTo(`#${arguments[0]}`); writeAddress()", note)
    before, fragment = shown(browser), browser.run("return location.hash")
    if fragment != f"#{note}?{label}=77":
        return f"the address is {fragment}"
    browser.open(job["page"], fragment)
    if shown(browser) != before or browser.run("return state.kernel") != len(job["kernels"]) - 1:
        return f"{fragment} does not lead back"
    browser.open(job["page"])
    return None if browser.run("return location.hash") == "" else "the address is not empty at first"


def cuts_nothing_in_its_header(browser, job):
    cut = []
    for width in [390, 700, 1000, 1400, 1920]:
        browser.resize(width, 900)
        browser.open(job["page"])
        cut += browser.run(
            "const box = document.getElementById('quick-results').getBoundingClientRect();"
            "const bar = document.querySelector('.bar-in').getBoundingClientRect();"
            "const words = [...document.querySelectorAll('.quick-result')].map((one) => one.getBoundingClientRect())"
            "  .filter((one) => one.width > 0 && one.top < box.bottom - 2 && (one.right > box.right + 1 || one.bottom > box.bottom + 4));"
            "const others = [...document.querySelectorAll('.kernels label, .brand, #theme')].map((one) => one.getBoundingClientRect())"
            "  .filter((one) => one.right > innerWidth + 1 || one.bottom > bar.bottom + 1);"
            "return [...words, ...others].map((one) => `${arguments[0]}: ${one.left} to ${one.right}`);", width)
    browser.resize(1440, 1000)
    return "; ".join(cut) or None


def keeps_its_header_as_low_as_it_was(browser, job):
    """A window that was narrow for a while leaves nothing behind."""
    browser.open(job["page"])
    heights = []
    for width in [1440, 390, 1440, 300, 1440]:
        browser.resize(width, 900)
        browser.settle()
        heights.append(browser.run("return document.querySelector('.bar').offsetHeight"))
    return None if heights[0] == heights[2] == heights[4] else f"{heights}"


def steps_by_keys(browser, job):
    browser.open(job["page"], "#walk")
    body = browser.driver.find_element(By.TAG_NAME, "body")
    seen = []
    for key in "jjk":
        body.send_keys(key)
        seen.append(browser.run("return document.querySelector('.step.current')?.id"))
    if None in seen or seen[0] == seen[1] or seen[0] != seen[2]:
        return f"{seen}"
    return None


def changes_colours(browser, job):
    found = set()
    for scheme in ["light", "dark"]:
        browser.colours(scheme)
        browser.open(job["page"])
        found.add(browser.run("return getComputedStyle(document.body).backgroundColor"))
    before = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.driver.find_element(By.ID, "theme").click()
    after = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.run("localStorage.clear()")
    return None if len(found) == 2 and before != after else f"{found}, {before}, {after}"


def is_accessible(browser, job):
    found = []
    for scheme in ["light", "dark"]:
        browser.colours(scheme)
        for width in [1440, 360]:
            browser.resize(width, 900)
            browser.open(job["page"])
            browser.run("for (const one of document.querySelectorAll('details')) one.open = true;"
                        "for (const one of document.querySelectorAll('.frame')) one.style.contentVisibility = 'visible';")
            found += [f"{scheme} at {width}: {one}" for one in browser.violations()]
    browser.resize(1440, 1000)
    return "; ".join(found) or None


def fits_a_phone(browser, job):
    browser.resize(360, 740)
    wide = []
    browser.open(job["page"])
    for kernel in range(len(job["kernels"])):
        switch(browser, kernel)
        browser.run("for (const one of document.querySelectorAll('details')) one.open = true;"
                    "for (const one of document.querySelectorAll('.frame')) one.style.contentVisibility = 'visible';")
        wide += browser.run(
            "return [...document.querySelectorAll('body *')].filter((one) => one.offsetParent"
            " && !one.closest('.unseen, .skip') && one.getBoundingClientRect().right > innerWidth + 1)"
            ".map((one) => `${one.tagName}.${one.className}`).slice(0, 3)")
        width = browser.run("return document.documentElement.scrollWidth")
        if width > 360:
            wide.append(f"the page is {width} wide")
    browser.resize(1440, 1000)
    return "; ".join(wide) or None


def tells_what_a_proof_rests_on(browser, job):
    browser.open(job["page"])
    if not browser.run("return document.querySelector('#granted dt') !== null"):
        return "what every walk takes for granted is not there"
    wrong = browser.run(
        "return [...document.querySelectorAll('.rests')].filter((one) => {"
        "  one.open = true;"
        "  return !/rests on [0-9]+ effect/.test(one.querySelector('summary').textContent)"
        "    || (one.querySelectorAll('li').length === 0 && !one.textContent.includes('The same as'));"
        "}).map((one) => one.textContent.slice(0, 200))")
    return f"what a proof rests on is not told: {wrong}" if wrong else None


def keeps_notes_among_the_lines_of_a_phone(browser, job):
    browser.resize(390, 844)
    browser.open(job["page"])
    why = browser.run(
        "const notes = [...document.querySelectorAll('.row:not(.words) .note')].filter((note) => note.dataset.lines);"
        "for (const note of notes) {"
        "  const last = note.dataset.lines.split('-')[1];"
        "  const line = note.closest('.frame').querySelector(`.l[data-n=\"${last}\"]`);"
        "  if (line && !note.closest('.lines')) return `${note.id} stands apart from its lines`;"
        "}"
        "return null;")
    browser.resize(1440, 1000)
    browser.settle()
    if why is None and browser.run("return document.querySelector('.lines .note') !== null"):
        why = "notes stay among the lines where there is room beside them"
    return why


def paints_soon(browser, job):
    best = None
    for _ in range(6):
        browser.open(job["page"])
        paint = browser.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
        if paint is not None:
            best = paint if best is None else min(best, paint)
        if best is not None and best < 300:
            return None
        time.sleep(0.2)
    return f"the first paint took {best} ms"


def runs_no_foreign_script(browser, job):
    browser.complaints()
    browser.open(job["hostile"])
    found = browser.run(
        "return [window.hacked, document.querySelectorAll('main script, img, iframe, svg script, object, embed').length,"
        " [...document.querySelectorAll('*')].filter((one) => one.getAttributeNames().some((name) => name.startsWith('on'))).length,"
        " [...document.querySelectorAll('a')].filter((one) => !/^(https?:|#|file:)/.test(one.href)).map((one) => one.href)];")
    complaints = browser.complaints()
    if found != [None, 0, 0, []]:
        return f"{found}"
    return "; ".join(complaints) or None


CHECKS = [
    loads_quietly, asks_nothing_of_the_network, computes_as_c_does, searches_thresholds_as_walker_does,
    says_what_eval_says, moves_with_the_slider, takes_what_is_typed, switches_kernels, leads_to_annotations,
    keeps_its_state_in_the_address, cuts_nothing_in_its_header, keeps_its_header_as_low_as_it_was,
    steps_by_keys, changes_colours, is_accessible, fits_a_phone, tells_what_a_proof_rests_on,
    keeps_notes_among_the_lines_of_a_phone, paints_soon, runs_no_foreign_script,
]


def main():
    job = json.loads(Path(sys.argv[1]).read_text())
    browser = Browser(job["chromium"], job["driver"])
    failures = 0
    try:
        for check in CHECKS:
            try:
                why = check(browser, job)
            except Exception as error:  # A check that breaks has failed.
                why = f"{type(error).__name__}: {error}".splitlines()[0]
            print(f"ok {check.__name__}" if why is None else f"FAIL {check.__name__}: {why}", flush=True)
            failures += why is not None
    finally:
        browser.driver.quit()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
