print("walker-engine")
