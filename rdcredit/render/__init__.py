"""What people open: the workbook and the Word study. The only room that writes Office files."""
