internal import WalkerModel

extension ParseEnvironment {
  /// Writes the generated headers to `folder` and gives the arguments with which any clang then parses a file of the tree
  /// as walker does. Throws `UserError` when the tree is not a folder, or the headers can't be written.
  public func write(to folder: String, of tree: any KernelTree) throws -> [String] {
    guard tree.root != nil else {
      throw UserError("\(tree.source) is not a folder, which another compiler could read: unpack it first")
    }
    let generated = "\(prefix)/\(Self.generatedFolder)/"
    for (path, bytes) in virtualFiles where path.hasPrefix(generated) {
      let target = folder + "/" + path.dropFirst(generated.count)
      if let parent = TreePath.parent(target) { try Disk.makeFolders(parent) }
      try Disk.write(bytes, to: target)
    }
    return arguments.map { argument in
      for option in ["-I", ""] where argument.hasPrefix(option + generated) {
        return option + folder + "/" + argument.dropFirst(option.count + generated.count)
      }
      return argument
    }
  }
}
