"""The wide part of a model: linear models of words and characters (``kiemtin.wide``)."""
