import Foundation
import Testing

private let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A release in a folder, whose walker says its arguments.
private func release(in sandbox: Sandbox, isDamaged: Bool = false) throws -> String {
  let version = try sandbox.run("'\(checkout.path)/Scripts/version.sh'").trimmingCharacters(in: .newlines)
  let name = try "walker-\(version)-linux-\(sandbox.run("uname -m").trimmingCharacters(in: .newlines))"
  try sandbox.write("#!/bin/sh\necho \"release $*\"\n", "made/\(name)/bin/walker", isExecutable: true)
  try sandbox.run(
    "mkdir -p releases/v\(version) && tar -cJf releases/v\(version)/\(name).tar.xz -C made \(name) "
      + "&& cd releases/v\(version) && sha256sum \(name).tar.xz > SHA256SUMS")
  if isDamaged { try sandbox.run("printf x >> releases/v\(version)/\(name).tar.xz") }
  return "PATH=/usr/bin:/bin XDG_CACHE_HOME=\(sandbox.root.path)/cache "
    + "WALKER_RELEASES=file://\(sandbox.root.path)/releases '\(checkout.path)/Scripts/hook.sh'"
}

@Test func fetchesTheReleaseForAHookOnce() throws {
  let sandbox = try Sandbox()
  let hook = try release(in: sandbox)
  #expect(try sandbox.run("\(hook) check widget --against 1").hasSuffix("release check widget --against 1\n"))
  try sandbox.run("rm -r releases")
  #expect(try sandbox.run("\(hook) lint") == "release lint\n")
}

@Test func refusesADamagedReleaseForAHook() throws {
  let sandbox = try Sandbox()
  let hook = try release(in: sandbox, isDamaged: true)
  let output = try sandbox.run("\(hook) lint 2>&1 || echo status $?")
  #expect(output.contains("is not what SHA256SUMS says: nothing was installed") && output.hasSuffix("status 1\n"))
  let left = try sandbox.run("find cache/walker/releases -mindepth 1")
  #expect(left.isEmpty, "\(left)")
}

@Test func usesTheInstalledWalkerForAHook() throws {
  let sandbox = try Sandbox()
  let hook = try release(in: sandbox).replacing("PATH=", with: "PATH=\(sandbox.root.path)/installed:")
  try sandbox.write("#!/bin/sh\necho \"installed $*\"\n", "installed/walker", isExecutable: true)
  #expect(try sandbox.run("\(hook) lint") == "installed lint\n")
}
