internal import CClang

/// libclang's cursor kinds, as far as walker names them; every other one is carried along and prints its number.
public struct CursorKind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ kind: CXCursorKind) { rawValue = kind.rawValue }

  public var description: String {
    take(clang_getCursorKindSpelling(CXCursorKind(rawValue: rawValue))) + " (\(rawValue))"
  }

  public var isExpression: Bool { clang_isExpression(CXCursorKind(rawValue: rawValue)) != 0 }
  public var isAttribute: Bool { clang_isAttribute(CXCursorKind(rawValue: rawValue)) != 0 }
  public var isStatement: Bool { clang_isStatement(CXCursorKind(rawValue: rawValue)) != 0 }

  public static let translationUnit = CursorKind(CXCursor_TranslationUnit)
  public static let functionDeclaration = CursorKind(CXCursor_FunctionDecl)
  public static let variableDeclaration = CursorKind(CXCursor_VarDecl)
  public static let parameterDeclaration = CursorKind(CXCursor_ParmDecl)
  public static let fieldDeclaration = CursorKind(CXCursor_FieldDecl)
  public static let structDeclaration = CursorKind(CXCursor_StructDecl)
  public static let unionDeclaration = CursorKind(CXCursor_UnionDecl)
  public static let enumDeclaration = CursorKind(CXCursor_EnumDecl)
  public static let enumConstant = CursorKind(CXCursor_EnumConstantDecl)
  public static let typeReference = CursorKind(CXCursor_TypeRef)
  public static let assemblerLabel = CursorKind(CXCursor_AsmLabelAttr)
  public static let memberReference = CursorKind(CXCursor_MemberRef)

  public static let declarationReference = CursorKind(CXCursor_DeclRefExpr)
  public static let memberAccess = CursorKind(CXCursor_MemberRefExpr)
  public static let call = CursorKind(CXCursor_CallExpr)
  public static let integerLiteral = CursorKind(CXCursor_IntegerLiteral)
  public static let characterLiteral = CursorKind(CXCursor_CharacterLiteral)
  public static let stringLiteral = CursorKind(CXCursor_StringLiteral)
  public static let parenthesized = CursorKind(CXCursor_ParenExpr)
  public static let unaryOperator = CursorKind(CXCursor_UnaryOperator)
  public static let sizeOperator = CursorKind(CXCursor_UnaryExpr)
  public static let subscript_ = CursorKind(CXCursor_ArraySubscriptExpr)
  public static let binaryOperator = CursorKind(CXCursor_BinaryOperator)
  public static let compoundAssignment = CursorKind(CXCursor_CompoundAssignOperator)
  public static let conditional = CursorKind(CXCursor_ConditionalOperator)
  public static let cast = CursorKind(CXCursor_CStyleCastExpr)
  public static let compoundLiteral = CursorKind(CXCursor_CompoundLiteralExpr)
  public static let initializerList = CursorKind(CXCursor_InitListExpr)
  public static let statementExpression = CursorKind(CXCursor_StmtExpr)
  public static let genericSelection = CursorKind(CXCursor_GenericSelectionExpr)
  public static let unexposedExpression = CursorKind(CXCursor_UnexposedExpr)

  public static let compoundStatement = CursorKind(CXCursor_CompoundStmt)
  public static let declarationStatement = CursorKind(CXCursor_DeclStmt)
  public static let ifStatement = CursorKind(CXCursor_IfStmt)
  public static let switchStatement = CursorKind(CXCursor_SwitchStmt)
  public static let caseStatement = CursorKind(CXCursor_CaseStmt)
  public static let defaultStatement = CursorKind(CXCursor_DefaultStmt)
  public static let whileStatement = CursorKind(CXCursor_WhileStmt)
  public static let doStatement = CursorKind(CXCursor_DoStmt)
  public static let forStatement = CursorKind(CXCursor_ForStmt)
  public static let gotoStatement = CursorKind(CXCursor_GotoStmt)
  public static let indirectGoto = CursorKind(CXCursor_IndirectGotoStmt)
  public static let labelStatement = CursorKind(CXCursor_LabelStmt)
  public static let labelReference = CursorKind(CXCursor_LabelRef)
  public static let addressOfLabel = CursorKind(CXCursor_AddrLabelExpr)
  public static let breakStatement = CursorKind(CXCursor_BreakStmt)
  public static let continueStatement = CursorKind(CXCursor_ContinueStmt)
  public static let returnStatement = CursorKind(CXCursor_ReturnStmt)
  public static let nullStatement = CursorKind(CXCursor_NullStmt)
  public static let assembly = CursorKind(CXCursor_GCCAsmStmt)
}

/// C's binary operators as libclang numbers them.
public struct BinaryOperatorKind: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ kind: CXBinaryOperatorKind) { rawValue = kind.rawValue }

  public static let multiply = Self(CXBinaryOperator_Mul)
  public static let divide = Self(CXBinaryOperator_Div)
  public static let remainder = Self(CXBinaryOperator_Rem)
  public static let add = Self(CXBinaryOperator_Add)
  public static let subtract = Self(CXBinaryOperator_Sub)
  public static let shiftLeft = Self(CXBinaryOperator_Shl)
  public static let shiftRight = Self(CXBinaryOperator_Shr)
  public static let less = Self(CXBinaryOperator_LT)
  public static let greater = Self(CXBinaryOperator_GT)
  public static let lessOrEqual = Self(CXBinaryOperator_LE)
  public static let greaterOrEqual = Self(CXBinaryOperator_GE)
  public static let equal = Self(CXBinaryOperator_EQ)
  public static let notEqual = Self(CXBinaryOperator_NE)
  public static let and = Self(CXBinaryOperator_And)
  public static let xor = Self(CXBinaryOperator_Xor)
  public static let or = Self(CXBinaryOperator_Or)
  public static let logicalAnd = Self(CXBinaryOperator_LAnd)
  public static let logicalOr = Self(CXBinaryOperator_LOr)
  public static let assign = Self(CXBinaryOperator_Assign)
  public static let multiplyAssign = Self(CXBinaryOperator_MulAssign)
  public static let divideAssign = Self(CXBinaryOperator_DivAssign)
  public static let remainderAssign = Self(CXBinaryOperator_RemAssign)
  public static let addAssign = Self(CXBinaryOperator_AddAssign)
  public static let subtractAssign = Self(CXBinaryOperator_SubAssign)
  public static let shiftLeftAssign = Self(CXBinaryOperator_ShlAssign)
  public static let shiftRightAssign = Self(CXBinaryOperator_ShrAssign)
  public static let andAssign = Self(CXBinaryOperator_AndAssign)
  public static let xorAssign = Self(CXBinaryOperator_XorAssign)
  public static let orAssign = Self(CXBinaryOperator_OrAssign)
  public static let comma = Self(CXBinaryOperator_Comma)
}

/// C's unary operators as libclang numbers them.
public struct UnaryOperatorKind: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ kind: CXUnaryOperatorKind) { rawValue = kind.rawValue }

  public static let postIncrement = Self(CXUnaryOperator_PostInc)
  public static let postDecrement = Self(CXUnaryOperator_PostDec)
  public static let preIncrement = Self(CXUnaryOperator_PreInc)
  public static let preDecrement = Self(CXUnaryOperator_PreDec)
  public static let addressOf = Self(CXUnaryOperator_AddrOf)
  public static let dereference = Self(CXUnaryOperator_Deref)
  public static let plus = Self(CXUnaryOperator_Plus)
  public static let minus = Self(CXUnaryOperator_Minus)
  public static let complement = Self(CXUnaryOperator_Not)
  public static let not = Self(CXUnaryOperator_LNot)
  public static let extension_ = Self(CXUnaryOperator_Extension)
}
