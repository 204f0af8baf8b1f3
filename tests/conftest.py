"""What all tests share. Nothing here may know an adapter or an emulator."""
