"""What each workload, person, contract and purchase is: rules as cited data, gates, precedence."""
