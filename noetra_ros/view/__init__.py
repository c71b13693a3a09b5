"""The live page: what people see of a running robot in a browser, and the few things they can do there."""
