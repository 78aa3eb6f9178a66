"""Captions and credits of pictures: the stage, the pairing with pictures, the merging of images."""
