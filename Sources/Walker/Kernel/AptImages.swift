internal import WalkerModel

extension AptArchive {
  /// Finds and downloads the smallest image of a kernel, by the version of its source (`6.12.117-1`, or without the
  /// package's own revision): the one for cloud machines, which has what a machine without hardware needs built in.
  /// Throws `UserError` when the archive has none.
  func fetchImage(of version: String) async throws -> (package: Package, path: String) {
    try await locked {
      progress(.phase("asking the archive for the image of \(version)"))
      try await update()
      var names: [String] = []
      for prefix in Self.prefixes {
        let listed = try await Program.run("apt-cache", ["-c", optionsFile, "pkgnames", prefix])
        names += listed.output.words.filter { Self.isImage($0, prefix) }.sorted()
      }
      let shown = names.isEmpty ? "" : try await Program.run("apt-cache", ["-c", optionsFile, "show"] + names).output
      // Meta packages have such names too, and hold next to nothing.
      let packages = ControlText.paragraphs(shown).compactMap(Package.init).filter { $0.size > 1 << 20 }.filter {
        $0.version == version || (!version.contains("-") && $0.version.hasPrefix(version + "-"))
      }
      // The signed one is the one that people run; its content is the same.
      var best: Package?
      for package in packages.sorted(by: { $0.name.utf8.count < $1.name.utf8.count }) {
        if let known = best, try await !isNewer(package.version, than: known.version) { continue }
        best = package
      }
      guard let best else {
        throw UserError(
          "\(place) has no image of Linux \(version): run `walker kernels add` for its present source, or give an image with --image",
          exitStatus: ExitStatus.unchecked)
      }
      return (best, try await download(best))
    }
  }

  /// The image itself lies in the first, or, since Debian splits it up, in the second.
  private static let prefixes = ["linux-image-", "linux-binary-"]

  private static func isImage(_ name: String, _ prefix: String) -> Bool {
    let isOfCloud = name.hasSuffix("-cloud-amd64") || name.hasSuffix("-cloud-amd64-unsigned")
    return isOfCloud && !name.contains("-rt-") && name.dropFirst(prefix.count).first?.isNumber == true
  }
}
