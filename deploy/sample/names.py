"""The few words that synthetic people, trades and organisations are made of.

Given names are ordinary. Surnames are not: no family is called after them, singly or in these pairs,
and a reader sees at once that the person is made up. Some carry what names carry in life: accents,
ñ, particles, apostrophes and hyphens.
"""

WOMEN = (
    *("Altagracia", "Ana", "Antonia", "Aurora", "Bárbara", "Beatriz", "Carmen", "Clara", "Dolores"),
    *("Dulce", "Elena", "Esperanza", "Fátima", "Gloria", "Inés", "Isabel", "Josefina", "Juana", "Laura"),
    *("Lidia", "Lourdes", "Lucía", "Luz", "Marcia", "María", "Marie", "Marta", "Mercedes", "Milagros"),
    *("Minerva", "Mónica", "Noemí", "Patria", "Pilar", "Rosa", "Rose", "Sofía", "Teresa", "Yolanda"),
)

MEN = (
    *("Agustín", "Alberto", "Ángel", "Antonio", "Bienvenido", "Carlos", "César", "Domingo", "Eduardo"),
    *("Emilio", "Ernesto", "Félix", "Francisco", "Germán", "Héctor", "Jean", "Jesús", "Joaquín", "José"),
    *("Juan", "Julio", "Leonardo", "Luis", "Manuel", "Martín", "Miguel", "Nelson", "Nicolás", "Óscar"),
    *("Pablo", "Pedro", "Pierre", "Rafael", "Ramón", "Raúl", "Rubén", "Santiago", "Tomás", "Víctor"),
)

SURNAMES = (
    # trees, fruit and flowers
    *("Almendro", "Anacahuita", "Añil", "Azucena", "Bambú", "Cafetal", "Caimito", "Cañaveral", "Caoba"),
    *("Cayena", "Cedro", "Ceiba", "Cocotal", "De la Caoba", "Ébano", "Framboyán", "Guanábana", "Guayacán"),
    *("Helecho", "Jagua", "Jazmín", "Lechosa", "Mamey", "Manglar", "Níspero", "Orquídea", "Palmar"),
    *("Piñón", "Tamarindo", "Yagrumo", "Zapote"),
    # birds and beasts
    *("Barrancolí", "Carey", "Carrao", "Cigua", "Colibrí", "Cotorra", "Delfín", "Flamenco", "Garza"),
    *("Gaviota", "Golondrina", "Guaraguao", "Jilguero", "Lambí", "Lechuza", "Manatí", "Pelícano"),
    *("Ruiseñor", "Tijereta", "Tórtola", "Zorzal"),
    # stones, sea and weather
    *("Aguacero", "Arcoíris", "Arrecife", "Brisa", "Caracol", "Coral", "Cuarzo", "D’Ámbar", "Del Rocío"),
    *("Duna", "Ensenada", "Granate", "Islote", "Jade", "Larimar", "Llovizna", "Lucero", "Mar-Azul"),
    *("Marea", "Nácar", "Neblina", "Obsidiana", "Ocaso", "Oleaje", "Otoño", "Relámpago"),
)

OCCUPATIONS = (
    ("motoconchista", "motoconchista", "III"),
    ("chofer de carro público", "chofer de carro público", "III"),
    ("vendedora ambulante", "vendedor ambulante", "I"),
    ("vendedora de frutas", "vendedor de frutas", "I"),
    ("peluquera", "barbero", "I"),
    ("trabajadora doméstica", "jardinero", "I"),
    ("costurera", "sastre", "I"),
    ("ayudante de albañilería", "albañil", "IV"),
    ("ebanista", "carpintero", "III"),
    ("electricista", "electricista", "IV"),
    ("pescadora", "pescador", "III"),
    ("agricultora", "agricultor", "II"),
    ("triciclera", "triciclero", "II"),
    ("colmadera", "colmadero", "I"),
    ("zapatera", "zapatero", "I"),
    ("mecánica", "mecánico", "III"),
    ("artesana", "artesano", "I"),
    ("lavandera", "limpiabotas", "I"),
    ("cocinera", "cocinero", "II"),
)
"""A trade as a woman's and as a man's, and a risk class that could be its own: the true class is for
the promoter to say."""

ORGANISATIONS = (
    "Asociación de Motoconchistas El Framboyán",
    "Sindicato de Choferes Ruta del Guaraguao",
    "Asociación de Vendedoras La Cotorra",
    "Unión de Trabajadoras del Hogar Lucero",
    "Cooperativa de Pescadores El Carey",
    "Asociación de Peluqueras La Cayena",
    "Gremio de Costureras Hilo de Ámbar",
    "Asociación de Tricicleros Cañaveral",
    "Cooperativa Agrícola Los Cafetales",
    "Unión de Artesanas Larimar",
    "Asociación de Albañiles La Ceiba",
    "Asociación de Colmaderos El Zapote",
)
