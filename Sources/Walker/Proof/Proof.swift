internal import WalkerModel
