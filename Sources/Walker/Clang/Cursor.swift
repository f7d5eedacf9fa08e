internal import CClang
public import WalkerModel

/// A node of the parsed C. A small view that keeps its unit alive.
public struct Cursor {
  let handle: CXCursor
  public let unit: TranslationUnit

  init(_ handle: CXCursor, _ unit: TranslationUnit) {
    self.handle = handle
    self.unit = unit
  }

  /// The same node as `unit` sees it, which shares the parse of this one's.
  public func seen(by unit: TranslationUnit) -> Cursor { Cursor(handle, unit) }

  private func sibling(_ handle: CXCursor) -> Cursor? {
    clang_Cursor_isNull(handle) != 0 || clang_isInvalid(clang_getCursorKind(handle)) != 0
      ? nil : Cursor(handle, unit)
  }

  public var kind: CursorKind { CursorKind(rawValue: clang_getCursorKind(handle).rawValue) }
  public var spelling: String { take(clang_getCursorSpelling(handle)) }
  /// The same for every declaration of one entity, also across units.
  public var usr: String { take(clang_getCursorUSR(handle)) }
  public var type: CType { CType(clang_getCursorType(handle), unit) }
  /// For a function: what it returns.
  public var resultType: CType { CType(clang_getCursorResultType(handle), unit) }

  public var children: [Cursor] {
    var found: [CXCursor] = []
    withUnsafeMutablePointer(to: &found) { found in
      _ = clang_visitChildren(
        handle,
        { child, _, data in
          data?.assumingMemoryBound(to: [CXCursor].self).pointee.append(child)
          return CXChildVisit_Continue
        }, found)
    }
    return found.map { Cursor($0, unit) }
  }

  /// What a reference names.
  public var referenced: Cursor? { sibling(clang_getCursorReferenced(handle)) }
  /// The first of the declarations of one entity.
  public var canonical: Cursor? { sibling(clang_getCanonicalCursor(handle)) }
  public var definition: Cursor? { sibling(clang_getCursorDefinition(handle)) }
  public var isDefinition: Bool { clang_isCursorDefinition(handle) != 0 }
  public var semanticParent: Cursor? { sibling(clang_getCursorSemanticParent(handle)) }
  /// A static variable at function or file scope, or a static function.
  public var isStatic: Bool { clang_Cursor_getStorageClass(handle) == CX_SC_Static }
  /// Other units see the same entity under this name.
  public var hasExternalLinkage: Bool { clang_getCursorLinkage(handle) == CXLinkage_External }
  public var isExtern: Bool { clang_Cursor_getStorageClass(handle) == CX_SC_Extern }
  /// Declared outside of every function.
  public var isAtFileScope: Bool { semanticParent?.kind == .translationUnit }
  public var isInlineFunction: Bool { clang_Cursor_isFunctionInlined(handle) != 0 }

  /// The initializer of a variable's declaration.
  public var initializer: Cursor? { sibling(clang_Cursor_getVarDeclInitializer(handle)) }
  /// The parameters of a function's declaration, or the arguments of a call.
  public var arguments: [Cursor] {
    let count = clang_Cursor_getNumArguments(handle)
    guard count > 0 else { return [] }
    return (0..<UInt32(count)).compactMap { sibling(clang_Cursor_getArgument(handle, $0)) }
  }

  /// Of a call: the function that it names, and not one that computes which function is called.
  public var directCallee: Cursor? {
    var callee = children.first
    while let here = callee, here.kind != .declarationReference {
      let isDetour =
        [.unexposedExpression, .parenthesized, .cast].contains(here.kind)
        || (here.kind == .unaryOperator && [.dereference, .addressOf, .extension_].contains(here.unaryOperator))
      guard isDetour else { return nil }
      callee = here.children.last
    }
    return callee?.referenced.flatMap { $0.kind == .functionDeclaration ? $0 : nil }
  }
  /// Of a call that names its function: the name that the linker knows it by.
  public var directName: String? { directCallee.map { $0.assemblerName ?? $0.spelling } }
  /// The name that an `asm("name")` label gives a declaration.
  public var assemblerName: String? {
    children.first { $0.kind == .assemblerLabel }.map(\.spelling)
  }
  /// Of a function: another definition may take its place.
  public var isWeak: Bool {
    guard children.contains(where: { $0.kind.isAttribute }) else { return false }
    let policy = clang_getCursorPrintingPolicy(handle)
    defer { clang_PrintingPolicy_dispose(policy) }
    clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1)
    return take(clang_getCursorPrettyPrinted(handle, policy)).contains("weak")
  }

  public var binaryOperator: BinaryOperatorKind {
    BinaryOperatorKind(rawValue: clang_getCursorBinaryOperatorKind(handle).rawValue)
  }
  public var unaryOperator: UnaryOperatorKind {
    UnaryOperatorKind(rawValue: clang_getCursorUnaryOperatorKind(handle).rawValue)
  }

  /// The value of an enumeration's constant, as bits.
  public var enumConstantBits: UInt64 { clang_getEnumConstantDeclUnsignedValue(handle) }
  /// The function that a local variable's `cleanup` attribute names; libclang gives it no cursor.
  public var cleanupFunction: String? {
    guard children.contains(where: { $0.kind.isAttribute }) else { return nil }
    let policy = clang_getCursorPrintingPolicy(handle)
    defer { clang_PrintingPolicy_dispose(policy) }
    let parts = take(clang_getCursorPrettyPrinted(handle, policy)).split(separator: "cleanup(", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    return String(parts[1].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }
  public var isBitField: Bool { clang_Cursor_isBitField(handle) != 0 }
  /// Bits of a bit-field.
  public var bitFieldWidth: Int { Int(clang_getFieldDeclBitWidth(handle)) }
  /// Bits from the start of the record that declares the field; nil when the layout is unknown.
  public var fieldOffset: Int? {
    let offset = clang_Cursor_getOffsetOfField(handle)
    return offset < 0 ? nil : Int(offset)
  }
  /// A struct or union without a tag, whose fields belong to the one around it.
  public var isAnonymousRecord: Bool { clang_Cursor_isAnonymousRecordDecl(handle) != 0 }
  public var isAnonymous: Bool { clang_Cursor_isAnonymous(handle) != 0 }
  /// The name of a field; empty for the member that an anonymous record is, which libclang calls by its place.
  public var fieldName: String { type.declaration?.isAnonymousRecord == true && !type.isPointer ? "" : spelling }

  /// The value of a constant integer expression; nil when it is none.
  ///
  /// Only for scalar expressions: libclang's evaluator crashes on some initializer lists.
  public func evaluatedInteger() -> Int128? {
    guard kind.isExpression, type.integer != nil || type.isEnumeration else { return nil }
    guard let result = clang_Cursor_Evaluate(handle) else { return nil }
    defer { clang_EvalResult_dispose(result) }
    guard clang_EvalResult_getKind(result) == CXEval_Int else { return nil }
    return clang_EvalResult_isUnsignedInt(result) != 0
      ? Int128(clang_EvalResult_getAsUnsigned(result))
      : Int128(clang_EvalResult_getAsLongLong(result))
  }

  /// Where the code starts in the author's file (for code from a macro: the macro's use).
  public var position: FilePosition? { FilePosition(clang_getCursorLocation(handle)) }
  public var start: FilePosition? { FilePosition(clang_getRangeStart(clang_getCursorExtent(handle))) }
  public var end: FilePosition? { FilePosition(clang_getRangeEnd(clang_getCursorExtent(handle))) }

  /// The file in which the code starts (for code from a macro: where the macro is used).
  public var file: SourceFile? {
    var file: CXFile?
    clang_getExpansionLocation(clang_getCursorLocation(handle), &file, nil, nil, nil)
    return SourceFile(file)
  }

  /// Where the name of this node is written, also inside of a macro's argument.
  public var writtenPosition: FilePosition? {
    FilePosition(written: clang_getCursorLocation(handle))
  }

  /// The node starts inside of a macro's expansion.
  public var isFromMacro: Bool {
    let location = clang_getRangeStart(clang_getCursorExtent(handle))
    var file: CXFile?
    var offset: UInt32 = 0
    clang_getExpansionLocation(location, &file, nil, nil, &offset)
    var spellingFile: CXFile?
    var spellingOffset: UInt32 = 0
    clang_getSpellingLocation(location, &spellingFile, nil, nil, &spellingOffset)
    return offset != spellingOffset || file != spellingFile
  }
}

extension Cursor: Hashable {
  public static func == (left: Cursor, right: Cursor) -> Bool {
    left.unit === right.unit && clang_equalCursors(left.handle, right.handle) != 0
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(clang_hashCursor(handle)) }
}

/// The type of an expression or a declaration.
public struct CType {
  let handle: CXType
  let unit: TranslationUnit

  init(_ handle: CXType, _ unit: TranslationUnit) {
    self.handle = handle
    self.unit = unit
  }

  public var canonical: CType { CType(clang_getCanonicalType(handle), unit) }
  public var spelling: String { take(clang_getTypeSpelling(handle)) }
  private var canonicalKind: CXTypeKind { clang_getCanonicalType(handle).kind }

  /// Bytes; nil for incomplete types and functions.
  public var size: Int? {
    let size = clang_Type_getSizeOf(handle)
    return size < 0 ? nil : Int(size)
  }

  /// Width and sign of an integer, enumeration or `_Bool`; nil for everything else.
  public var integer: IntegerType? {
    switch canonicalKind {
    case CXType_Bool: .bool
    case CXType_Char_U, CXType_UChar: .u8
    case CXType_Char_S, CXType_SChar: .s8
    case CXType_UShort: .u16
    case CXType_Short: .s16
    case CXType_UInt: .u32
    case CXType_Int: .s32
    case CXType_ULong, CXType_ULongLong: .u64
    case CXType_Long, CXType_LongLong: .s64
    case CXType_Enum: enumerationInteger
    case CXType_Atomic: CType(clang_Type_getValueType(clang_getCanonicalType(handle)), unit).integer
    default: nil
    }
  }

  private var enumerationInteger: IntegerType? {
    let declaration = clang_getTypeDeclaration(clang_getCanonicalType(handle))
    let underlying = CType(clang_getEnumDeclIntegerType(declaration), unit)
    return underlying.isEnumeration ? nil : underlying.integer
  }

  public var isEnumeration: Bool { canonicalKind == CXType_Enum }
  public var isPointer: Bool { canonicalKind == CXType_Pointer }
  public var isVoid: Bool { canonicalKind == CXType_Void }
  public var isRecord: Bool { canonicalKind == CXType_Record }
  /// A number with a fraction.
  public var isFloating: Bool {
    [
      CXType_Float, CXType_Double, CXType_LongDouble, CXType_Float128, CXType_Half, CXType_Float16, CXType_BFloat16,
      CXType_Complex,
    ].contains(canonicalKind)
  }
  /// An array whose length is computed where it is declared.
  public var isVariableArray: Bool { canonicalKind == CXType_VariableArray }
  /// `va_list`, or what it decays to.
  public var isArgumentList: Bool { canonical.spelling.contains("va_list") }
  /// Such an array, or a pointer that leads to one.
  public var isVariablyModified: Bool {
    if isVariableArray { return true }
    return isPointer ? pointee.isVariablyModified : isArray && element.isVariablyModified
  }
  public var isArray: Bool {
    [CXType_ConstantArray, CXType_IncompleteArray, CXType_VariableArray].contains(canonicalKind)
  }
  public var isFunction: Bool {
    canonicalKind == CXType_FunctionProto || canonicalKind == CXType_FunctionNoProto
  }
  /// What a pointer points to.
  public var pointee: CType { CType(clang_getPointeeType(clang_getCanonicalType(handle)), unit) }
  public var element: CType { CType(clang_getArrayElementType(clang_getCanonicalType(handle)), unit) }
  public var declaration: Cursor? {
    let declaration = clang_getTypeDeclaration(clang_getCanonicalType(handle))
    return clang_isInvalid(clang_getCursorKind(declaration)) != 0 ? nil : Cursor(declaration, unit)
  }

  /// Of a pointer: what it points to, without qualifiers; `*` for numbers, bytes and functions, since code keeps such pointers
  /// as one another.
  public var pointerName: String? {
    guard isPointer else { return nil }
    if let record = pointee.recordName { return record }
    guard pointee.isPointer, let inner = pointee.pointerName, inner != "*" else { return "*" }
    return inner + " *"
  }

  /// `struct widget`, without qualifiers; nil when it is no record or has no tag.
  public var recordName: String? {
    guard isRecord, let declaration else { return nil }
    if declaration.isAnonymous {
      // One that only a typedef names is called by that.
      let name = canonical.spelling.split(separator: " ").last.map(String.init) ?? ""
      return name.isEmpty || canonical.spelling.contains("(") ? nil : "struct \(name)"
    }
    let word = declaration.kind == .unionDeclaration ? "union" : "struct"
    return "\(word) \(declaration.spelling)"
  }

  /// Bits from the start of this record to the field of that name, also inside of anonymous members.
  public func offset(ofField name: String) -> Int? {
    let offset = clang_Type_getOffsetOf(clang_getCanonicalType(handle), name)
    return offset < 0 ? nil : Int(offset)
  }

  /// The fields of a record in order.
  public var fields: [Cursor] { declaration?.children.filter { $0.kind == .fieldDeclaration } ?? [] }
}
