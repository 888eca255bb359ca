"""What runs a server and looks into its journal. This package alone reaches the server's code; all else is a client."""
