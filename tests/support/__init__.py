"""What tests share: transports, fakes, builders."""
