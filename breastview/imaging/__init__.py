"""Window and level, exact resizing, colour maps, blending, contours and measuring; numpy in, numpy out."""
