"""The command line: what people type to run and to use Onduty. It holds no rule of the status; the server decides."""
