"""ONNX models: what their sheet has to say, and the session that runs them."""
