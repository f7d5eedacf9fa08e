print("walker")
