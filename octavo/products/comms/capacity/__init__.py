"""What a load costs: computed step by step from inputs that can be changed, with rates that the benches measured."""
