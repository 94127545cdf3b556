"""The research credit, section 41: functions of the facts and the law that return lines."""
