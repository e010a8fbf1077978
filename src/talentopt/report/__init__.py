"""What people read: HTML, workbook, development plans, and the forecast."""
