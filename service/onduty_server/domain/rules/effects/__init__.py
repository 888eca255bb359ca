"""What the cells of the tables name, carried out on a draft. No effect decides who may do what when."""
