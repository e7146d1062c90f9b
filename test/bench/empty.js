// A script that does nothing: what Node takes to start.
